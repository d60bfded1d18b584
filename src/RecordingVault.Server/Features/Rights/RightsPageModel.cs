using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Rights;

/// <summary>The page of what a person may ask of the organisation: a copy of what is held about him, and that it be erased.</summary>
public sealed record RightsPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>The contact's.</summary>
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>How many recordings name him.</summary>
    public required int Recordings { get; init; }

    /// <summary>How many are named like him, or by his address, and belong to nobody yet, of the newest that are looked at.</summary>
    public int Alike { get; init; }

    /// <summary>The newest first; one is open, or after a merge of entries two.</summary>
    public required IReadOnlyList<ErasureLine> Requests { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>As the form has it: a day.</summary>
    public string FormDue { get; init; } = "";

    public string FormNote { get; init; } = "";

    public string FormOutcome { get; init; } = "";

    public string FormWord { get; init; } = "";

    /// <summary>The request whose closing was refused; after two entries were merged, two may be open.</summary>
    public Guid? WrongRequest { get; init; }

    public string? ErrorField { get; init; }

    public string? Error { get; init; }

    public string? ErrorOf(string field) => ErrorField == field ? Error : null;
}

/// <param name="Outcome">As the API calls it; null while it is open.</param>
public sealed record ErasureLine(Guid Id, DateTimeOffset ReceivedAt, DateTimeOffset DueAt, string? Note, string? Outcome, string? Word, DateTimeOffset? ClosedAt);
