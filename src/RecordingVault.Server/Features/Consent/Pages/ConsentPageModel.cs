using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Consent.Pages;

/// <summary>GET /recordings/{id}/consent: who was recorded and what each one said of each use; with somebody chosen, what he said when, and the form that records an answer.</summary>
public sealed record ConsentPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The recording's title.</summary>
    public required string Title { get; init; }

    public required IReadOnlyList<ConsentRow> People { get; init; }

    /// <summary>Whether this member records answers.</summary>
    public required bool MayRecord { get; init; }

    /// <summary>Who is chosen; null where nobody is.</summary>
    public ConsentRow? Person { get; init; }

    /// <summary>As the form says it.</summary>
    public string Name { get; init; } = "";

    /// <summary>As the form says it.</summary>
    public string Email { get; init; } = "";

    public ConsentAnswer Answer { get; init; } = ConsentAnswer.Empty;

    /// <summary>What the chosen one said, newest first.</summary>
    public IReadOnlyList<ConsentLine> History { get; init; } = [];

    /// <summary>Where what he said before begins; null on the last page.</summary>
    public string? Earlier { get; init; }

    /// <summary>What somebody's no left to decide: what is open first.</summary>
    public IReadOnlyList<ConsentTaskLine> Tasks { get; init; } = [];

    /// <summary>Purposes that the policy refuses now, and why, in words.</summary>
    public IReadOnlyList<ConsentStop> Stops { get; init; } = [];

    /// <summary>Whether this member may say why it is used without everybody's yes.</summary>
    public bool MayGiveReason { get; init; }

    /// <summary>The task whose form was wrong.</summary>
    public Guid? WrongTask { get; init; }

    public string TaskWord { get; init; } = "";

    public string TaskOutcome { get; init; } = "";

    /// <summary>The purpose whose form for a reason was wrong, and what it said.</summary>
    public string? WrongStop { get; init; }

    public string ReasonWord { get; init; } = "";

    public bool NeedsSignIn { get; init; }

    /// <summary>The field that is wrong; null where the whole is.</summary>
    public string? ErrorField { get; init; }

    public string? Error { get; init; }

    public string? ErrorOf(string field) => ErrorField == field ? Error : null;
}

/// <param name="Person">His name.</param>
/// <param name="Outcome">Null while it is open.</param>
public sealed record ConsentTaskLine(Guid Id, string Person, string Purpose, DateTimeOffset OpenedAt, string? Outcome, string? Word, DateTimeOffset? ClosedAt);

/// <param name="Verdict">As the rules name it.</param>
public sealed record ConsentStop(string Purpose, string Verdict);

/// <param name="Statuses">By purpose, in the order of the table.</param>
public sealed record ConsentRow(Guid Id, string Name, string? Email, IReadOnlyList<ConsentCell> Statuses)
{
    /// <summary>How we know that he was there, as the API calls it.</summary>
    public string Source { get; init; } = "typed";
}

/// <param name="Status">As the API calls it.</param>
public sealed record ConsentCell(string Purpose, string Status);

/// <summary>An answer as the form says it.</summary>
/// <param name="Seconds">As 12:40.</param>
public sealed record ConsentAnswer(IReadOnlyList<string> Purposes, string Status, string Method, string When, string Seconds, string Note, string LawfulBasis)
{
    public static readonly ConsentAnswer Empty = new([], "", "", "", "", "", "");

    /// <summary>Where what was spoken ends, as 12:52.</summary>
    public string Until { get; init; } = "";
}

/// <summary>One record, for people to read.</summary>
public sealed record ConsentLine(string Purpose, string Status, string Method, DateTimeOffset At, DateTimeOffset RecordedAt)
{
    /// <summary>The record's.</summary>
    public Guid Id { get; init; }

    /// <summary>As 12:40, or 12:40 to 12:52; null where nothing was spoken.</summary>
    public string? SpokenAt { get; init; }

    public IReadOnlyList<EvidenceFile> Evidence { get; init; } = [];

    public string? LawfulBasis { get; init; }

    public string? Note { get; init; }
}

/// <summary>A file that shows it.</summary>
/// <param name="Kind">As its content says, in words.</param>
public sealed record EvidenceFile(Guid Id, string Name, string Kind, long SizeInBytes, DateTimeOffset AddedAt)
{
    public DateTimeOffset? KeptUntil { get; init; }
}
