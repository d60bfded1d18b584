namespace RecordingVault.Server.Features.Playback;

/// <summary>What the player needs to know before anything is fetched: nothing is, until the person presses play.</summary>
public sealed record PlayerModel
{
    /// <summary>Our own address of the content, with ranges.</summary>
    public required string Source { get; init; }

    public required string Title { get; init; }

    public required string MediaType { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>Drawn on the stage while nothing plays.</summary>
    public ReadOnlyMemory<byte>? ContentDigest { get; init; }

    public string? Poster { get; init; }

    public string? Waveform { get; init; }

    public PlayerThumbnails? Thumbnails { get; init; }

    public IReadOnlyList<PlayerCaptions> Captions { get; init; } = [];

    public IReadOnlyList<PlayerChapter> Chapters { get; init; } = [];

    /// <summary>A file for every browser is on its way: whoever can't play this one waits for it.</summary>
    public bool IsBeingMade { get; init; }

    /// <summary>In about so many minutes it is there; null where nothing can be said.</summary>
    public int? MinutesLeft { get; init; }

    /// <summary>Where playing begins: where this member was the last time.</summary>
    public TimeSpan Position { get; init; }

    /// <summary>Where the page says where it is, so that the next one begins there; null where nobody keeps it.</summary>
    public string? PositionHref { get; init; }

    /// <summary>Where the page says how fast it plays, where what is sent is paced; null where it is not.</summary>
    public string? PaceHref { get; init; }

    /// <summary>Whom the film is shown to, on the picture; null where nobody is named.</summary>
    public string? Mark { get; init; }

    public bool IsAudio => MediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase);
}

/// <param name="StepSeconds">From one picture of the sheet to the next.</param>
public sealed record PlayerThumbnails(string Source, double StepSeconds, int Columns, int Rows);

/// <param name="Language">As their file names it, und where it does not.</param>
public sealed record PlayerCaptions(string Source, string Language);

public sealed record PlayerChapter(double StartSeconds, string Title);
