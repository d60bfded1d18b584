using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public sealed partial class PublicTextsTests
{
    [Fact]
    public void English_and_German_say_the_same_things()
    {
        var english = Texts(CultureInfo.InvariantCulture);
        var german = Texts(CultureInfo.GetCultureInfo("de"));

        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), german.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(german[text.Key])));
    }

    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.5", "de")]
    [InlineData("fr-CA,de;q=0.4,en;q=0.8", "en")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    [InlineData(";;;", "en")]
    public void A_browser_gets_the_language_that_it_prefers_of_the_two(string acceptLanguage, string expected) =>
        Assert.Equal(expected, PublicTexts.Choose(new StringValues(acceptLanguage)).TwoLetterISOLanguageName);

    [Fact]
    public void A_text_that_is_not_there_is_a_fault() =>
        Assert.Throws<InvalidOperationException>(() => new PublicTexts(PublicTexts.English)["No.such.text"]);

    private static Dictionary<string, string> Texts(CultureInfo culture)
    {
        var manager = new ResourceManager(typeof(PublicTexts));
        using var set = manager.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!;
        return set.Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
