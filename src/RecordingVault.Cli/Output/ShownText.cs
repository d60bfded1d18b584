using System.Globalization;
using System.Text;

namespace RecordingVault.Cli.Output;

/// <summary>Words of strangers as a terminal may show them: what steers it, turns a line's direction or can't be seen stands as its number, \u202E, and does nothing.</summary>
internal static class ShownText
{
    public static string Of(string text)
    {
        var shown = new StringBuilder(text.Length);
        // By rune: invisible tags stand beyond U+FFFF, and a half of a pair becomes U+FFFD.
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsPlain(rune))
                shown.Append(rune);
            else
                shown.Append(rune.IsBmp ? $@"\u{rune.Value:X4}" : $@"\U{rune.Value:X8}");
        }
        return shown.ToString();
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
