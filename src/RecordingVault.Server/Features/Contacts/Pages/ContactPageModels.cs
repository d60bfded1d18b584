using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Contacts.Pages;

/// <summary>GET /people: contacts, and who looks like one person; with words, those who were found.</summary>
public sealed record ContactsPageModel
{
    public required PageFrame Frame { get; init; }
    public required IReadOnlyList<ContactLine> Contacts { get; init; }

    /// <summary>Empty for who may not put people together.</summary>
    public IReadOnlyList<AlikeLine> Alike { get; init; } = [];

    /// <summary>Who is in no contact and looks like nobody else.</summary>
    public IReadOnlyList<LonePersonLine> Others { get; init; } = [];

    /// <summary>What was searched for; null where nothing was.</summary>
    public string? Words { get; init; }

    public string? EarlierCursor { get; init; }

    /// <summary>Whether this is the first page.</summary>
    public bool IsNewest { get; init; } = true;

    /// <summary>How far back the search came, where its share of work ended before.</summary>
    public DateTimeOffset? SearchedBackTo { get; init; }

    /// <summary>How far back people were compared, where there are more.</summary>
    public DateTimeOffset? ComparedBackTo { get; init; }

    public string? Error { get; init; }
}

/// <param name="People">How often the person is named in recordings.</param>
public sealed record ContactLine(Guid Id, string Name, string? Email, int People);

/// <param name="Contact">To which the people would be added; null where a new one would be made.</param>
public sealed record AlikeLine(ContactLine? Contact, IReadOnlyList<LonePersonLine> People);

/// <summary>Somebody who is named in a recording and belongs to no contact.</summary>
/// <param name="Title">The recording's.</param>
/// <param name="IsTicked">Chosen beforehand: nothing speaks against it.</param>
public sealed record LonePersonLine(Guid Participant, string Name, string? Email, string Title, DateTimeOffset RecordedAt, bool IsTicked);

/// <summary>GET /people/{id}.</summary>
public sealed record ContactPageModel
{
    public required PageFrame Frame { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }
    public string? Note { get; init; }

    /// <summary>How often the person is named in recordings.</summary>
    public required int People { get; init; }
    public required IReadOnlyList<ContactRecordingLine> Recordings { get; init; }

    /// <summary>Where the older recordings begin; null on the last page.</summary>
    public string? EarlierCursor { get; init; }

    /// <summary>Of no contact, who looks like this one.</summary>
    public IReadOnlyList<LonePersonLine> Alike { get; init; } = [];

    /// <summary>The newest of the other contacts.</summary>
    public IReadOnlyList<ContactLine> OthersToMerge { get; init; } = [];

    /// <summary>As the form says them.</summary>
    public string FormName { get; init; } = "";

    /// <summary>As the form says it.</summary>
    public string FormEmail { get; init; } = "";

    /// <summary>As the form says it.</summary>
    public string FormNote { get; init; } = "";

    /// <summary>The field that is wrong; null where the whole is.</summary>
    public string? ErrorField { get; init; }

    public string? Error { get; init; }

    public string? ErrorOf(string field) => ErrorField == field ? Error : null;
}

/// <param name="Name">As this recording names the person.</param>
/// <param name="Statuses">By purpose, as the API calls them, in the order of the table.</param>
public sealed record ContactRecordingLine(Guid Recording, string Title, DateTimeOffset RecordedAt, bool IsTrashed, Guid Participant, string Name, string? Email, IReadOnlyList<(string Purpose, string Status)> Statuses);
