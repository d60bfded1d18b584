using System.Globalization;
using System.Text;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Mail;

/// <summary>Puts a letter's paragraphs between greeting and foot. Names that people gave themselves stand in the text and never in a header.</summary>
internal sealed class LetterPaper(PublicAddress address)
{
    private const int LongestName = 100;

    /// <summary>Scheme and authority for links; letters are only written where it is configured.</summary>
    public string Root => address.ConfiguredRoot ?? throw new InvalidOperationException("Letters need Vault__PublicUrl; the check of the settings says so.");

    public string Write(MailTexts texts, string hello, params IEnumerable<string> paragraphs) =>
        string.Join("\n\n", [hello, .. paragraphs, texts["Letter.Foot", Root]]) + "\n";

    /// <summary>
    /// A name as it may stand in a letter's line: nobody must be able to write paragraphs into a letter of ours by calling himself so, turn the line's
    /// direction, or have a reader's program make a link of it.
    /// </summary>
    public static string OneLine(string name)
    {
        var line = new StringBuilder();
        foreach (var rune in name.EnumerateRunes().Take(LongestName))
        {
            // "name.example" and "https://name" are links to most programs; with a blank in them they are not, and read the same.
            if (line.Length > 0 && ((line[^1] is '.' && Rune.IsLetter(rune)) || (line[^1] is ':' && rune.Value is '/')))
                line.Append(' ');
            line.Append(IsPlain(rune) ? rune.ToString() : " ");
        }

        return line.ToString().Trim();
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse);
}
