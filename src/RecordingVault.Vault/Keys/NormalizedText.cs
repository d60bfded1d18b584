using System.Globalization;
using System.Text;

namespace RecordingVault.Vault.Keys;

/// <summary>Text as it is looked up: NFKC, trimmed, case-folded, so that what people type twice compares equal.</summary>
internal static class NormalizedText
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    // Upper and then lower is the document's folding (sealed-format.md, keyed digests): one letter to one letter, by tables of the runtime itself.
    public static string Fold(string text) => text.Normalize(NormalizationForm.FormKC).Trim().ToUpperInvariant().ToLowerInvariant();

    /// <summary>Folds an address and writes its domain in A-labels. What is no address is folded as text: looking it up finds nothing.</summary>
    public static string FoldMail(string address)
    {
        var folded = Fold(address);
        var at = folded.LastIndexOf('@');
        if (at < 1 || at == folded.Length - 1) return folded;
        try
        {
            return string.Concat(folded.AsSpan(0, at + 1), Idn.GetAscii(folded, at + 1).ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return folded;
        }
    }
}
