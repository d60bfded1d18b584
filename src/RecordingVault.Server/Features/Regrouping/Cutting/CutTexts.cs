using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Processing.Editing;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>What is said in a copy: words of a span that is muted or taken out are not in it, and what follows comes earlier.</summary>
internal static class CutTexts
{
    /// <summary>Captions, transcript or chat as WebVTT. A line that reaches into a span goes as a whole: nobody knows which of its words belong to it.</summary>
    /// <returns>Null where it has no times, so that none of its words can be told to stay.</returns>
    public static string? Cut(string text, EditSpans spans)
    {
        var cues = TimedText.Read(text);
        if (cues.Count == 0)
            return null;
        return TimedText.Write([.. cues.Where(cue => !spans.Meets(Milliseconds(cue.From), Milliseconds(cue.To)))
            .Select(cue => cue with { From = Placed(cue.From, spans), To = Placed(cue.To, spans) })]);
    }

    /// <summary>Chapters where they are in the copy. One that begins in a span, or holds nothing else, has lost what it was called after.</summary>
    public static IReadOnlyList<RecordingChapter> Cut(IEnumerable<RecordingChapter> chapters, EditSpans spans) =>
        [.. chapters.Where(chapter => !spans.Meets((long)(chapter.StartSeconds * 1_000), (long)(chapter.StartSeconds * 1_000) + 1))
            .Select(chapter => chapter with { StartSeconds = Placed(chapter.StartSeconds, spans), EndSeconds = Placed(chapter.EndSeconds, spans) })
            .Where(chapter => chapter.EndSeconds > chapter.StartSeconds)];

    private static long Milliseconds(TimeSpan at) => (long)at.TotalMilliseconds;

    private static TimeSpan Placed(TimeSpan at, EditSpans spans) => TimeSpan.FromMilliseconds(spans.Place(Milliseconds(at)));

    private static double Placed(double seconds, EditSpans spans) => spans.Place((long)(seconds * 1_000)) / 1000d;
}
