using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>GET / with a choice, GET /?before={cursor} for earlier ones, and POST /search.</summary>
public sealed record LibraryPageModel
{
    public required PageFrame Frame { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>All recordings of the tenant, where counting them is cheap.</summary>
    public int? Total { get; init; }

    public int InTrash { get; init; }

    /// <summary>What is being received first, then the newest first.</summary>
    public required IReadOnlyList<LibraryTile> Tiles { get; init; }

    /// <summary>What waits for the reader, on the library's front only.</summary>
    public IReadOnlyList<WaitingThing> Waiting { get; init; } = [];

    /// <summary>The key of the last tile; null at the end.</summary>
    public string? EarlierCursor { get; init; }

    /// <summary>False on a page that was reached by a cursor.</summary>
    public bool IsNewest { get; init; } = true;

    /// <summary>What the filters let through, and in which order.</summary>
    public LibraryChoice Choice { get; init; } = new();

    /// <summary>Why the order that was chosen is not the one that is shown; null where it is.</summary>
    public string? Refused { get; init; }

    /// <summary>What was searched for; null on the library itself.</summary>
    public string? Words { get; init; }

    /// <summary>How far back the search came, where it has not come to the end.</summary>
    public DateTimeOffset? SearchedBackTo { get; init; }
}

public sealed record LibraryTile
{
    public required Guid Id { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>When it came here: what the newest come first by.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    public TimeSpan? Duration { get; init; }

    public IReadOnlyList<string> People { get; init; } = [];

    public bool IsAudio { get; init; }

    public long SizeInBytes { get; init; }

    /// <summary>Where its picture is; null where there is none that the reader may see.</summary>
    public string? Poster { get; init; }

    /// <summary>A search found it by what was said or written in it.</summary>
    public bool IsFoundInText { get; init; }

    /// <summary>Where it was said, the earliest first; empty where no text with times holds it.</summary>
    public IReadOnlyList<SaidLine> SaidLines { get; init; } = [];

    /// <summary>Nothing for browsers could be made of it.</summary>
    public bool IsFailed { get; init; }

    public SealFacts Seal { get; init; } = new();

    /// <summary>Null once the recording can be watched.</summary>
    public TileReceiving? Receiving { get; init; }

    /// <summary>An earlier recording of the same file; null when there is none, or when both are wanted.</summary>
    public TileDuplicate? Duplicate { get; init; }

    /// <summary>Since when part of what is stored of it is known to be damaged.</summary>
    public DateTimeOffset? DamagedSince { get; init; }

    public TileWatching Watching { get; init; } = new(0, 0, null, 0);

    /// <summary>All of a file is here.</summary>
    internal bool IsStored => Receiving is null && Seal.SealedSegments is not null;

    /// <summary>Links open it and copies may be taken, as far as its label says; what is restricted stays.</summary>
    internal bool MayLeave => Seal.Label != ConfidentialityLabel.Restricted.Name();
}

/// <param name="Confirmed">Bytes that are sealed and stored.</param>
/// <param name="Expected">Null while the sender has not said how many there will be.</param>
public sealed record TileReceiving(long Confirmed, long? Expected)
{
    /// <summary>How long the rest would take at the speed until now; null while nothing can be said.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>Beyond it the average of all that has come, pauses too, says nothing about what comes.</summary>
    public static readonly TimeSpan LongestForecast = TimeSpan.FromHours(12);

    /// <summary>The same in a few words for a member; null where nothing can be said.</summary>
    public string? LeftWords => this switch
    {
        { StandsStill: true } => "nothing has come for a while",
        { Left: { } left } when left < TimeSpan.FromMinutes(1) => "less than a minute left",
        { Left: { } left } when left < TimeSpan.FromMinutes(100) => string.Create(PublicTexts.English, $"about {Math.Ceiling(left.TotalMinutes)} min left"),
        { Left: { } left } when left <= LongestForecast => string.Create(PublicTexts.English, $"about {Math.Ceiling(left.TotalHours)} h left"),
        _ => null,
    };

    /// <summary>Nothing has come for a while: whoever sends has paused, or is cut off.</summary>
    public bool StandsStill { get; init; }
}

/// <param name="LiveLinks">Links that open now.</param>
/// <param name="Watchers">Links through which somebody watched.</param>
/// <param name="LastWatcher">Whose link it was, where it has a name.</param>
public sealed record TileWatching(int LiveLinks, int Watchers, string? LastWatcher, int LastWatchedPercent)
{
    /// <summary>How many of the live links somebody has opened, whether he watched or not.</summary>
    public int OpenedLinks { get; init; }
}

/// <summary>The earlier recording of the same file.</summary>
public sealed record TileDuplicate(Guid Id, string Title, DateTimeOffset UploadedAt);
