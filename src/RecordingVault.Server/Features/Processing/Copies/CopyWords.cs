using System.Globalization;
using System.Text;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>What stands in a copy for one recipient: label, use, and whose it is.</summary>
/// <param name="Use">Null where the tag has nothing against training.</param>
internal sealed record CopyWords(string Label, string? Use, string For)
{
    public static readonly IReadOnlyList<string> Languages = ["en", "de"];

    /// <summary>Of the corner mark: one line, which is broken where the picture is narrow.</summary>
    public string Corner => string.Join(" · ", new[] { Label, Use, For }.OfType<string>());

    /// <summary>Of the slate: a paragraph each.</summary>
    public IReadOnlyList<string> Slate => [.. new[] { Label, Use is null ? null : Capital(Use), Capital(For) }.OfType<string>()];

    public static CopyWords Of(ConfidentialityLabel label, UsageTag tag, string language, string recipient)
    {
        var texts = new PublicTexts(language == "de" ? PublicTexts.German : PublicTexts.English);
        return new CopyWords(texts[$"Seal.Label.{label.Name()}"], tag == UsageTag.AllowedUse ? null : texts[$"Copy.Tag.{tag.Name}"], texts["Copy.For", Plain(recipient)]);
    }

    /// <summary>One line that says what it seems to say: line ends and other controls become a space, and what turns the direction of other words is left out.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
                plain.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format || rune.Value is 0x200C or 0x200D)
                plain.Append(rune);
        }

        return string.Join(' ', plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
