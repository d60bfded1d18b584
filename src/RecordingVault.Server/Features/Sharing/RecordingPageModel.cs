using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>GET /recordings/{id}. It stands in Sharing because it shows who may see the recording and who did.</summary>
public sealed record RecordingPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>Null while the recording is arriving.</summary>
    public PlayerModel? Player { get; init; }

    /// <summary>An earlier recording of the same file.</summary>
    public TileDuplicate? Duplicate { get; init; }

    public DateTimeOffset? DamagedSince { get; init; }

    /// <summary>When it is gone for good, while it lies in the trash.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>Null once everything has arrived.</summary>
    public RecordingArrival? Arrival { get; init; }

    public SealFacts Seal { get; init; } = new();

    public required RecordingFile File { get; init; }

    public IReadOnlyList<RecordingLink> Links { get; init; } = [];

    /// <summary>Null where this member may not share.</summary>
    public ShareFormModel? Share { get; init; }

    public bool CanRename { get; init; }
}

/// <param name="Confirmed">Bytes that are sealed and stored.</param>
public sealed record RecordingArrival(long Confirmed, long? Expected);

public sealed record RecordingFile
{
    public required string Name { get; init; }

    public required long SizeInBytes { get; init; }

    public required string MediaType { get; init; }

    /// <summary>When the last byte was sealed and stored.</summary>
    public DateTimeOffset? SafeSince { get; init; }

    /// <summary>Where this member may fetch the original as a file; null where he may not.</summary>
    public string? DownloadHref { get; init; }
}

public sealed record RecordingLink
{
    public required Guid Id { get; init; }

    /// <summary>As the maker wrote it; null for a link without a name.</summary>
    public string? RecipientName { get; init; }

    public required LinkState State { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public bool AllowsDownload { get; init; }

    public bool HasPasscode { get; init; }

    public int Viewings { get; init; }

    public int WatchedPercent { get; init; }

    public DateTimeOffset? LastWatchedAt { get; init; }

    /// <summary>Much more was fetched than was played: a copy may exist.</summary>
    public bool FetchedWhole { get; init; }
}

public enum LinkState
{
    Live,
    Ended,
    Stopped,
}
