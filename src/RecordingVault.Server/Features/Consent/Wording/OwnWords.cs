using System.Globalization;
using System.Text.RegularExpressions;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent.Wording;

/// <summary>An organisation's own words: plain text with places for what differs from question to question.</summary>
/// <param name="Title">The heading of the question.</param>
/// <param name="Text">What stands below it; an empty line begins a paragraph.</param>
/// <param name="Uses">By purpose, the sentence below its name; the vault's own stands where there is none. The names of the uses are the vault's: what is asked is not worded away.</param>
internal sealed partial record OwnWords(string Title, string Text, IReadOnlyDictionary<string, string> Uses)
{
    public const int LongestTitle = 200;
    public const int LongestText = 4_000;
    public const int LongestUse = 500;

    /// <summary>What can stand in braces, and nothing else.</summary>
    public static readonly IReadOnlyList<string> Places = ["person", "organisation", "recording", "date", "until"];

    public static (OwnWords? Words, Problem? Problem) Read(string? title, string? text, IEnumerable<KeyValuePair<string, string?>> uses)
    {
        var (heading, body) = (Lines(title), Lines(text));
        if (heading.Length is 0 or > LongestTitle || heading.Contains('\n', StringComparison.Ordinal) || !IsPlain(heading))
            return Wrong("title", $"write one line of at most {LongestTitle} characters.");
        if (Misplaced(heading) is { } inTitle)
            return Wrong("title", inTitle);
        if (body.Length is 0 or > LongestText || !IsPlain(body))
            return Wrong("text", $"write at most {LongestText} characters.");
        if (Misplaced(body) is { } inText)
            return Wrong("text", inText);
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, sentence) in uses)
        {
            if (ConsentWords.PurposeOf(name) is not { } purpose)
                return Wrong("uses", $"name uses by {string.Join(", ", ConsentWords.Recorded.Select(known => known.Name()))}.");
            var clean = Lines(sentence);
            if (clean.Length > LongestUse || clean.Contains('\n', StringComparison.Ordinal) || !IsPlain(clean))
                return Wrong($"uses.{purpose.Name()}", $"write one line of at most {LongestUse} characters.");
            if (Misplaced(clean) is { } inUse)
                return Wrong($"uses.{purpose.Name()}", inUse);
            if (clean.Length > 0)
                own[purpose.Name()] = clean;
        }

        return (new OwnWords(heading, body, own), null);
    }

    /// <summary>As it is shown to one person.</summary>
    public OwnWords Filled(QuestionFacts facts, CultureInfo culture) =>
        new(Fill(Title, facts, culture), Fill(Text, facts, culture), Uses.ToDictionary(use => use.Key, use => Fill(use.Value, facts, culture), StringComparer.Ordinal));

    /// <summary>One pass: what a name or a title brings along is no place again.</summary>
    private static string Fill(string text, QuestionFacts facts, CultureInfo culture) => Place().Replace(text, match => match.Groups["name"].Value switch
    {
        "person" => facts.Person,
        "organisation" => facts.Organisation,
        "recording" => facts.Recording,
        "date" => UtcText.Of(facts.RecordedAt, TimeForm.LongDay, culture),
        _ => UtcText.Of(facts.Until, TimeForm.LongDay, culture),
    });

    /// <summary>What is wrong with its braces; null where nothing is.</summary>
    private static string? Misplaced(string text) =>
        Place().Replace(text, match => Places.Contains(match.Groups["name"].Value, StringComparer.Ordinal) ? "" : match.Value).AsSpan().ContainsAny('{', '}')
            ? $"in braces stands one of {string.Join(", ", Places.Select(place => $"{{{place}}}"))}, and nothing else."
            : null;

    private static string Lines(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();

    private static bool IsPlain(string text) => text.All(letter => letter == '\n' || !char.IsControl(letter));

    private static (OwnWords?, Problem?) Wrong(string field, string cure) => (null, Problem.Invalid(field, cure));

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Place();
}

/// <summary>What the places of a text stand for, in one question.</summary>
/// <param name="Recording">Its title.</param>
/// <param name="Until">The last day of the question.</param>
internal sealed record QuestionFacts(string Person, string Organisation, string Recording, DateTimeOffset RecordedAt, DateTimeOffset Until);
