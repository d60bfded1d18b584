using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;

namespace RecordingVault.Server.Features.Processing.Making;

/// <summary>Captions that lie inside a film, as WebVTT. Those that are pictures stay where they are.</summary>
internal static class Subtitles
{
    public const string MediaType = "text/vtt";

    /// <summary>Of one film: there are not more languages in a meeting.</summary>
    public const int Most = 16;

    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "mov_text", "webvtt", "subrip", "ass", "ssa", "text" };

    public static IEnumerable<SubtitleFacts> Wanted(MediaFacts facts) => facts.Subtitles.Where(track => Texts.Contains(track.Codec)).Take(Most);

    public static Task<byte[]> ExtractAsync(MediaDesk desk, SubtitleFacts track, RunLimits limits, CancellationToken cancellationToken) =>
        desk.ReadAsync($"-map 0:s:{track.Index} -vn -an -dn -c:s webvtt -f webvtt", MostBytes, limits, cancellationToken);
}
