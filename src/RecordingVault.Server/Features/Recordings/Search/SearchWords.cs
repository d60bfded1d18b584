using System.Globalization;
using System.Text;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>What somebody looks for: every word must stand in a recording's words, as a part of one at least. Case and accents do not matter.</summary>
internal sealed class SearchWords
{
    private const int Longest = 200;

    private readonly string[] words;

    private SearchWords(string[] words) => this.words = words;

    /// <returns>Null when the text can be searched for.</returns>
    public static Problem? TryParse(string? text, out SearchWords wanted)
    {
        wanted = new SearchWords([]);
        if (string.IsNullOrWhiteSpace(text) || text.Length > Longest || text.Any(char.IsControl) || !IsWhole(text))
            return Problem.Invalid("words", "give the words to look for, 1 to 200 characters.");
        wanted = new SearchWords(Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return wanted.words.Length > 0 ? null : Problem.Invalid("words", "give the words to look for, 1 to 200 characters.");
    }

    /// <param name="folded">What <see cref="Fold"/> made, of one source or of several: each word may stand in another.</param>
    public bool StandIn(params ReadOnlySpan<string> folded)
    {
        foreach (var word in words)
        {
            if (!StandsIn(word, folded))
                return false;
        }

        return true;
    }

    /// <summary>How many of the words stand in it.</summary>
    /// <param name="folded">What <see cref="Fold"/> made.</param>
    public int CountIn(string folded) => words.Count(word => folded.Contains(word, StringComparison.Ordinal));

    private static bool StandsIn(string word, ReadOnlySpan<string> folded)
    {
        foreach (var source in folded)
        {
            if (source.Contains(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>Text without accents and case, so that equal words are equal characters.</summary>
    public static string Fold(string text)
    {
        if (!IsWhole(text))
            return text.ToUpperInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text.Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
                folded.Append(char.IsWhiteSpace(letter) ? ' ' : char.ToUpperInvariant(letter));
        }

        return folded.ToString();
    }

    /// <summary>Half a surrogate pair is no text and can't be normalised.</summary>
    private static bool IsWhole(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
                return false;
            index++;
        }

        return true;
    }
}
