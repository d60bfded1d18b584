using System.Globalization;
using FFMpegCore;

namespace RecordingVault.Server.Features.Processing.Media;

/// <summary>Takes from ffprobe's words what we use, within limits: a file can say anything.</summary>
internal static class ProbeReading
{
    private const int MostStreams = 64;
    private const int MostChapters = 1_000;
    private const int LongestTitle = 200;
    private const int LongestWord = 32;
    private static readonly DateTimeOffset FirstYear = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LastYear = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="MediaFailedException">It holds neither film nor sound, or more than is processed.</exception>
    public static MediaFacts Read(IMediaAnalysis analysis)
    {
        var video = analysis.VideoStreams.Take(MostStreams).FirstOrDefault(stream => !IsCover(stream));
        var sound = analysis.PrimaryAudioStream;
        if (video is null && sound is null)
            throw new MediaFailedException(MediaFailure.NotMedia);
        if (video is not null && (video.Width is not > 0 || video.Height is not > 0 || (long)video.Width.Value * video.Height.Value > MediaFacts.MostPixels))
            throw new MediaFailedException(MediaFailure.TooLarge);
        if (analysis.Duration > MediaFacts.Longest)
            throw new MediaFailedException(MediaFailure.TooLong);
        return new MediaFacts
        {
            Duration = analysis.Duration > TimeSpan.Zero ? analysis.Duration : null,
            Video = video is null ? null : new VideoFacts(Word(video.CodecName), Word(video.PixelFormat), video.Width!.Value, video.Height!.Value, Quarter(video.Rotation)),
            Sound = sound is null ? null : new SoundFacts(Word(sound.CodecName), sound.Channels ?? 0),
            Subtitles = [.. analysis.SubtitleStreams.Take(MostStreams).Select((stream, index) => new SubtitleFacts(index, Word(stream.CodecName), Language(stream.Language)))],
            Chapters = [.. analysis.Chapters.Take(MostChapters).Where(chapter => chapter.Start >= TimeSpan.Zero && chapter.End > chapter.Start).Select(chapter => new ChapterFacts(chapter.Start, chapter.End, Title(chapter.Title)))],
            BeganAt = BeganAt(analysis),
        };
    }

    /// <summary>A picture on the sleeve of a piece of sound is no film.</summary>
    private static bool IsCover(VideoStream stream) => stream.Disposition?.TryGetValue("attached_pic", out var isAttached) is true && isAttached;

    private static string Word(string? text) => text is { Length: > 0 and <= LongestWord } && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ? text : "unknown";

    private static string? Language(string? text) => text is { Length: >= 2 and <= 8 } && text.All(char.IsAsciiLetterLower) && text != "und" ? text : null;

    private static int Quarter(int degrees) => ((degrees % 360) + 360) % 360 is var turned && turned % 90 == 0 ? turned : 0;

    private static string Title(string? text) => new([.. (text ?? "").Where(letter => !char.IsControl(letter)).Take(LongestTitle)]);

    private static DateTimeOffset? BeganAt(IMediaAnalysis analysis) =>
        analysis.Format.Tags?.TryGetValue("creation_time", out var text) is true
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at >= FirstYear && at <= LastYear
            ? at
            : null;
}
