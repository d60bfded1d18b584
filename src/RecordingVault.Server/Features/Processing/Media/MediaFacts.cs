namespace RecordingVault.Server.Features.Processing.Media;

/// <summary>What a file holds, as ffprobe tells it: nothing of it is believed further than these types say.</summary>
internal sealed record MediaFacts
{
    /// <summary>A picture of more is not decoded: 8192 by 8192.</summary>
    public const int MostPixels = 8192 * 8192;

    /// <summary>Longer is taken for a lie: a week.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Null where the file does not say, as recordings of browsers don't.</summary>
    public TimeSpan? Duration { get; init; }

    public VideoFacts? Video { get; init; }

    public SoundFacts? Sound { get; init; }

    public IReadOnlyList<SubtitleFacts> Subtitles { get; init; } = [];

    public IReadOnlyList<ChapterFacts> Chapters { get; init; } = [];

    /// <summary>When the recording began, where its file says so and the year can be one of recordings.</summary>
    public DateTimeOffset? BeganAt { get; init; }
}

/// <param name="Codec">ffmpeg's name, as h264.</param>
/// <param name="PixelFormat">ffmpeg's name, as yuv420p.</param>
/// <param name="Rotation">Degrees by which a player turns the picture.</param>
internal sealed record VideoFacts(string Codec, string PixelFormat, int Width, int Height, int Rotation);

/// <param name="Codec">ffmpeg's name, as aac.</param>
internal sealed record SoundFacts(string Codec, int Channels);

/// <param name="Index">Among the subtitles, from 0.</param>
/// <param name="Language">As the file has it; null where it says nothing.</param>
internal sealed record SubtitleFacts(int Index, string Codec, string? Language);

internal sealed record ChapterFacts(TimeSpan Start, TimeSpan End, string Title);
