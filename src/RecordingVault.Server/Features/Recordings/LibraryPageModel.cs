using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>GET /, and GET /?before={cursor} for earlier ones.</summary>
public sealed record LibraryPageModel
{
    public required PageFrame Frame { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>All recordings of the tenant, where counting them is cheap.</summary>
    public int? Total { get; init; }

    public int InTrash { get; init; }

    /// <summary>What is being received first, then the newest first.</summary>
    public required IReadOnlyList<LibraryTile> Tiles { get; init; }

    /// <summary>The key of the last tile; null at the end.</summary>
    public string? EarlierCursor { get; init; }

    /// <summary>False on a page that was reached by a cursor.</summary>
    public bool IsNewest { get; init; } = true;
}

public sealed record LibraryTile
{
    public required Guid Id { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public TimeSpan? Duration { get; init; }

    public IReadOnlyList<string> People { get; init; } = [];

    public bool IsAudio { get; init; }

    public SealFacts Seal { get; init; } = new();

    /// <summary>Null once the recording can be watched.</summary>
    public TileReceiving? Receiving { get; init; }

    /// <summary>An earlier recording of the same file; null when there is none, or when both are wanted.</summary>
    public TileDuplicate? Duplicate { get; init; }

    /// <summary>Since when part of what is stored of it is known to be damaged.</summary>
    public DateTimeOffset? DamagedSince { get; init; }

    public TileWatching Watching { get; init; } = new(0, 0, null, 0);
}

/// <param name="Confirmed">Bytes that are sealed and stored.</param>
/// <param name="Expected">Null while the sender has not said how many there will be.</param>
public sealed record TileReceiving(long Confirmed, long? Expected)
{
    /// <summary>How long the rest would take at the speed until now; null while nothing can be said.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>Nothing has come for a while: whoever sends has paused, or is cut off.</summary>
    public bool StandsStill { get; init; }
}

/// <param name="LiveLinks">Links that open now.</param>
/// <param name="Watchers">Links through which somebody watched.</param>
/// <param name="LastWatcher">Whose link it was, where it has a name.</param>
public sealed record TileWatching(int LiveLinks, int Watchers, string? LastWatcher, int LastWatchedPercent);

/// <summary>The earlier recording of the same file.</summary>
public sealed record TileDuplicate(Guid Id, string Title, DateTimeOffset UploadedAt);
