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

    /// <summary>Milliseconds of a chapter that have to be left of it, heard and seen, for its title to be of them.</summary>
    private const long LeastChapter = 1_000;

    /// <summary>Chapters where they are in the copy. One that begins in a span, or of which hardly more is left, has lost what it was called after.</summary>
    public static IReadOnlyList<RecordingChapter> Cut(IEnumerable<RecordingChapter> chapters, EditSpans spans) =>
        [.. chapters.Where(chapter => !spans.Meets(Milliseconds(chapter.StartSeconds), Milliseconds(chapter.StartSeconds) + 1) && spans.Left(Milliseconds(chapter.StartSeconds), Milliseconds(chapter.EndSeconds)) >= LeastChapter)
            .Select(chapter => chapter with { StartSeconds = Placed(chapter.StartSeconds, spans), EndSeconds = Placed(chapter.EndSeconds, spans) })];

    private static long Milliseconds(TimeSpan at) => Milliseconds(at.TotalSeconds);

    /// <summary>Rounded, as spans are.</summary>
    private static long Milliseconds(double seconds) => (long)Math.Round(seconds * 1_000);

    private static TimeSpan Placed(TimeSpan at, EditSpans spans) => TimeSpan.FromMilliseconds(spans.Place(Milliseconds(at)));

    private static double Placed(double seconds, EditSpans spans) => spans.Place(Milliseconds(seconds)) / 1000d;
}
