using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>GET /recordings/{id}?cursor={cursor}, of its links. It stands in Sharing because it shows who may see the recording and who did.</summary>
public sealed record RecordingPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>The same people, and what each one said of being shown outside.</summary>
    public IReadOnlyList<PersonSaid> Said { get; init; } = [];

    /// <summary>Whether what people said, by the organisation's policy, lets a link show it.</summary>
    public bool IsShownOutside { get; init; } = true;

    /// <summary>Null while the recording is arriving.</summary>
    public PlayerModel? Player { get; init; }

    /// <summary>An earlier recording of the same file.</summary>
    public TileDuplicate? Duplicate { get; init; }

    public DateTimeOffset? DamagedSince { get; init; }

    /// <summary>When it is gone for good, while it lies in the trash.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>What holds it; null where nothing does.</summary>
    public RecordingHold? Hold { get; init; }

    /// <summary>Null once everything has arrived.</summary>
    public RecordingArrival? Arrival { get; init; }

    /// <summary>What is being made of it, or failed to be; null where there is nothing to say.</summary>
    public RecordingMaking? Making { get; init; }

    /// <summary>Files on their way out of it or into it; null where none are.</summary>
    public RecordingMoving? Moving { get; init; }

    /// <summary>The recording that all its files went into; null unless it was merged.</summary>
    public Guid? MergedInto { get; init; }

    public SealFacts Seal { get; init; } = new();

    public required RecordingFile File { get; init; }

    /// <summary>A page of its links, newest first.</summary>
    public IReadOnlyList<RecordingLink> Links { get; init; } = [];

    /// <summary>How many links stopping all of them would stop, whether this page shows them or not; 0 where this member may stop none.</summary>
    public int LiveLinks { get; init; }

    /// <summary>Where the links begin that were made before these; null on the last page.</summary>
    public string? EarlierLinks { get; init; }

    public bool AreNewestLinks { get; init; } = true;

    /// <summary>Null where this member may not share.</summary>
    public ShareFormModel? Share { get; init; }

    /// <summary>Why it is kept until its date; null where nothing is said of it.</summary>
    public string? Keeping { get; init; }

    public bool CanRename { get; init; }

    /// <summary>The newest lines of the log about it; empty where this member may not read them.</summary>
    public IReadOnlyList<AuditPageEvent> Activity { get; init; } = [];
}

/// <param name="ShareExternal">The status of his word, as the API calls it.</param>
public sealed record PersonSaid(string Name, string ShareExternal);

/// <param name="Confirmed">Bytes that are sealed and stored.</param>
public sealed record RecordingArrival(long Confirmed, long? Expected);

/// <param name="Percent">0 to 100; null where nothing was moved.</param>
/// <param name="Why">What it waits for, or why nothing was moved; null where there is nothing to say.</param>
/// <param name="OtherId">Where the files come from or go to.</param>
public sealed record RecordingMoving(bool IsComing, int? Percent, string? Why, Guid OtherId);

/// <param name="Failure">The sentence that says why it failed and what helps; null while it goes on.</param>
public sealed record RecordingMaking(int Percent, string? Failure)
{
    /// <summary>Nobody is at it yet.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>In about so many minutes it is ready; null where nothing can be said.</summary>
    public int? MinutesLeft { get; init; }

    /// <summary>Its tries were spent by the machine's fault: the file may be as good as any.</summary>
    public bool IsGivenUp { get; init; }
}

public sealed record RecordingFile
{
    public required string Name { get; init; }

    public required long SizeInBytes { get; init; }

    public required string MediaType { get; init; }

    /// <summary>When the last byte was sealed and stored.</summary>
    public DateTimeOffset? SafeSince { get; init; }

    /// <summary>When every stored byte was last read and found whole.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>What else came in with the film.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>Where this member may fetch the original as a file; null where he may not.</summary>
    public string? DownloadHref { get; init; }
}

public sealed record RecordingLink
{
    public required Guid Id { get; init; }

    /// <summary>As the maker wrote it; null for a link without a name.</summary>
    public string? RecipientName { get; init; }

    public required LinkState State { get; init; }

    /// <summary>Five wrong passcodes: it is live for whoever has it open, and nobody opens it anew until it gets another one.</summary>
    public bool IsLocked { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public bool AllowsDownload { get; init; }

    public bool HasPasscode { get; init; }

    /// <summary>When its secret was proved last; null where nobody ever did.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    public int Viewings { get; init; }

    public int WatchedPercent { get; init; }

    public DateTimeOffset? LastWatchedAt { get; init; }

    /// <summary>How often each hundredth was played by all who came by it; empty where nobody has.</summary>
    public IReadOnlyList<int> Parts { get; init; } = [];

    /// <summary>Much more was fetched than was played: a copy may exist.</summary>
    public bool FetchedWhole { get; init; }
}

public enum LinkState
{
    Live,
    Ended,
    Stopped,
}
