using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>German texts say a thing by the word that docs/german.md chose for it.</summary>
[Trait("Run", "Once")]
public sealed partial class GermanWordsTests
{
    private static readonly IReadOnlyList<string> Files = [.. Checkout.Files("src", "*.de.resx")];

    [Fact]
    public void No_german_text_says_a_word_that_was_not_chosen()
    {
        var strays = from path in Files
                     from text in XDocument.Parse(Checkout.Read(path)).Descendants("data")
                     from word in NotChosen()
                     where Regex.IsMatch(text.Element("value")!.Value, $@"(?<![\w-]){Regex.Escape(word)}(?![\w-])", RegexOptions.None, TimeSpan.FromSeconds(1))
                     select $"{path}: {text.Attribute("name")!.Value} says {word}";

        Assert.Equal("", string.Join('\n', strays));
    }

    /// <summary>A table that nobody could break would hold nothing.</summary>
    [Fact]
    public void The_words_that_were_chosen_are_said()
    {
        var texts = string.Join('\n', Files.Select(Checkout.Read));

        Assert.InRange(Files.Count, 2, 20);
        Assert.InRange(NotChosen().Count, 20, 100);
        Assert.All(["Aufnahme", "Tresor", "Eigentümer", "Zugangscode", "Protokoll", "E-Mail"], word => Assert.Contains(word, texts, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> NotChosen() =>
        [.. Row().Matches(Checkout.Read("docs/german.md")).SelectMany(row => row.Groups["not"].Value.Split(',', StringSplitOptions.TrimEntries)).Where(word => word is not "not")];

    [GeneratedRegex(@"^\| [^|]+ \| [^|]+ \| (?<not>[A-Za-zäöüß, -]+?) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
