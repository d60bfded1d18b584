using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace RecordingVault.Server.Features.Playback.Captions;

/// <summary>One caption: when it stands on the film, who says it where the file tells, and its words, a line each.</summary>
internal sealed record Cue(TimeSpan From, TimeSpan To, string? Voice, IReadOnlyList<string> Lines);

/// <summary>
/// WebVTT and SRT, read leniently and written anew as WebVTT (W3C WebVTT, 4.1): times, voice and words are kept; styles, regions, notes, settings and marks
/// are not, so that nothing a stranger wrote reaches a viewer's browser but text (security.md 7).
/// </summary>
internal static partial class TimedText
{
    /// <summary>A day of talking, a line each second and a half.</summary>
    public const int MostCues = 60_000;

    private const int MostLines = 12;
    private const int LongestLine = 1_000;

    /// <summary>With its marks. What stands behind it in one line nobody reads on a film.</summary>
    private const int LongestRead = 4 * LongestLine;
    private const int LongestVoice = 100;

    public static string Rewrite(string text) => Write(Read(text));

    public static IReadOnlyList<Cue> Read(string text)
    {
        var cues = new List<Cue>();
        foreach (var block in Blocks(text))
        {
            if (cues.Count == MostCues)
                break;
            // A number or name may stand above the times.
            var at = block.Take(2).ToList().FindIndex(line => line.Contains("-->", StringComparison.Ordinal));
            if (at >= 0 && ReadTimes(block[at]) is { } times && ReadWords(block.Skip(at + 1).Take(MostLines)) is { Lines.Count: > 0 } words)
                cues.Add(new Cue(times.From, times.To, words.Voice, words.Lines));
        }

        return cues;
    }

    public static string Write(IReadOnlyList<Cue> cues)
    {
        var text = new StringBuilder("WEBVTT\n");
        foreach (var cue in cues)
        {
            text.Append('\n').Append(Time(cue.From)).Append(" --> ").Append(Time(cue.To)).Append('\n');
            if (cue.Voice is { } voice)
                text.Append("<v ").Append(Escape(voice)).Append('>');
            text.AppendJoin('\n', cue.Lines.Select(Escape)).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<List<string>> Blocks(string text)
    {
        var block = new List<string>();
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            var clean = line.AsSpan(0, Math.Min(line.Length, LongestRead)).Trim("\r \t").ToString();
            if (clean.Length > 0)
            {
                block.Add(clean);
                continue;
            }

            if (block.Count > 0)
                yield return block;
            block = [];
        }

        if (block.Count > 0)
            yield return block;
    }

    private static (TimeSpan From, TimeSpan To)? ReadTimes(string line)
    {
        var found = Times().Match(line);
        return found.Success && Moment(found, "from") is var from && Moment(found, "to") is var to && to > from ? (from, to) : null;
    }

    private static TimeSpan Moment(Match found, string name)
    {
        int Part(string part) => found.Groups[name + part] is { Success: true, ValueSpan: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 0;
        return new TimeSpan(0, Part("h"), Part("m"), Part("s"), Part("f"));
    }

    private static (string? Voice, IReadOnlyList<string> Lines) ReadWords(IEnumerable<string> lines)
    {
        string? voice = null;
        var words = new List<string>();
        foreach (var line in lines)
        {
            if (voice is null && words.Count == 0 && VoiceMark().Match(line) is { Success: true } mark)
                voice = Clean(mark.Groups["who"].Value, LongestVoice);
            if (Clean(Mark().Replace(line, ""), LongestLine) is { Length: > 0 } said)
                words.Add(said);
        }

        return (voice is { Length: > 0 } ? voice : null, words);
    }

    /// <summary>What a browser would show, without what only steers it.</summary>
    private static string Clean(string marked, int longest)
    {
        var shown = new StringBuilder();
        foreach (var letter in WebUtility.HtmlDecode(marked).EnumerateRunes())
        {
            if (shown.Length + letter.Utf16SequenceLength > longest)
                break;
            if (!Rune.IsControl(letter))
                shown.Append(letter);
        }

        return shown.ToString().Trim();
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Time(TimeSpan at) => string.Create(CultureInfo.InvariantCulture, $"{(int)at.TotalHours:00}:{at.Minutes:00}:{at.Seconds:00}.{at.Milliseconds:000}");

    [GeneratedRegex(@"^(?:(?<fromh>[0-9]{1,4}):)?(?<fromm>[0-5]?[0-9]):(?<froms>[0-5]?[0-9])[.,](?<fromf>[0-9]{3})[ \t]*-->[ \t]*(?:(?<toh>[0-9]{1,4}):)?(?<tom>[0-5]?[0-9]):(?<tos>[0-5]?[0-9])[.,](?<tof>[0-9]{3})(?:[ \t]|$)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Times();

    [GeneratedRegex(@"^<v(?:\.[^\s>]*)?[ \t](?<who>[^>]+)>", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex VoiceMark();

    // Marks of WebVTT and SRT, and the ones that SRT files carry over from SubStation Alpha.
    [GeneratedRegex(@"<[^>]*>?|\{\\[^{}]*\}", RegexOptions.None, 1_000)]
    private static partial Regex Mark();
}
