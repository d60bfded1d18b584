namespace RecordingVault.Server.Features.Export.Listing;

/// <summary>An export as pages tell it.</summary>
public sealed record ExportLine
{
    public required Guid Id { get; init; }

    public required ExportLineState State { get; init; }

    /// <summary>Of the first recording; null where it is not there any more.</summary>
    public string? Title { get; init; }

    public Guid? RecordingId { get; init; }

    public required int Total { get; init; }

    public int Done { get; init; }

    public int Packed { get; init; }

    public int LeftOut { get; init; }

    public required string Purpose { get; init; }

    /// <summary>Null when it is over: the log has it.</summary>
    public string? Recipient { get; init; }

    public required string AskedBy { get; init; }

    /// <summary>Name of the API token that asked; null where a person did.</summary>
    public string? Token { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Until when it can be fetched, or since when it is over.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset LicensedUntil { get; init; }

    public long? SizeInBytes { get; init; }

    public byte[]? Sha256 { get; init; }

    public int Fetches { get; init; }

    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>It is a part of a run over everything.</summary>
    public bool IsOfRun { get; init; }

    public bool IsUnderWay => State is ExportLineState.Waiting or ExportLineState.Building;

    /// <summary>Ending it would end anything.</summary>
    public bool CanEnd => State is not (ExportLineState.Ended or ExportLineState.Refused or ExportLineState.Failed);

    /// <summary>What it is called where it is one of many.</summary>
    public string Name => (Title, Total) switch
    {
        (null, 1) => "A recording that is not there any more",
        (null, _) => $"{Total} recordings",
        ({ } title, 1) => title,
        ({ } title, _) => $"{title} and {Total - 1} more",
    };
}

public enum ExportLineState
{
    Waiting,
    Building,
    Ready,

    /// <summary>It is there, and a tag was changed since: its files say the old one.</summary>
    Outdated,

    /// <summary>It is there, and something in it may not leave any more, to who looks.</summary>
    MayNotLeave,

    /// <summary>Nothing of it could be packed.</summary>
    Refused,
    Failed,
    Ended,
}

/// <summary>What became of one recording of an export.</summary>
/// <param name="Title">Null where it is not there any more.</param>
/// <param name="IsPacked">Null while nobody has looked.</param>
/// <param name="Reason">Null unless it was left out.</param>
public sealed record ExportLineRecording(Guid Id, string? Title, bool? IsPacked, Packages.RefusalReason? Reason);
