using System.Globalization;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>One word of the seal line with its proof: the claim, what it rests on, and what it cannot do.</summary>
public sealed record SealWord(string Word, string Claim, IReadOnlyList<(string Name, string Value)> Facts, string Limit)
{
    public static IReadOnlyList<SealWord> Of(SealFacts facts, CultureInfo culture)
    {
        var texts = new PublicTexts(culture);
        var words = new List<SealWord>();
        if (facts.Label is { } label)
        {
            words.Add(new(texts[$"Seal.Label.{label}"], texts[$"Seal.Label.{label}.Claim"], [], texts["Seal.Label.Limit"]));
        }

        if (facts is { ForbidsTraining: true, UsageTag: { } tag })
        {
            words.Add(new(
                texts[$"Seal.Tag.{tag}"],
                texts[$"Seal.Tag.{tag}.Claim"],
                [(texts["Seal.Tag.Mark"], tag), (texts["Seal.Tag.Out"], texts["Seal.Tag.Out.Value"]), (texts["Seal.Tag.File"], texts["Seal.Tag.File.Value"])],
                texts["Seal.Tag.Limit"]));
        }

        if (facts.SealedSegments is { } segments)
        {
            List<(string, string)> rests = [(texts["Seal.Cipher"], texts["Seal.Cipher.Value", segments])];
            if (facts.ContentDigest is { } digest)
            {
                rests.Add(("SHA-256", DigestText.Ends(digest.Span)));
            }

            words.Add(new(texts["Seal.Encrypted"], texts["Seal.Encrypted.Claim"], rests, texts["Seal.Encrypted.Limit"]));
        }

        return words;
    }
}
