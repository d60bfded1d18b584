using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Mail;

[Trait("Run", "Once")]
public sealed partial class MailTextsTests
{
    [Fact]
    public void English_and_German_letters_say_the_same_things()
    {
        var english = Texts(CultureInfo.InvariantCulture);
        var german = Texts(CultureInfo.GetCultureInfo("de"));

        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), german.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(german[text.Key])));
    }

    [Fact]
    public void Every_notice_and_every_role_has_its_words()
    {
        foreach (var language in new[] { PublicTexts.English, PublicTexts.German })
        {
            var texts = new MailTexts(language);
            Assert.All(Enum.GetValues<MemberNotice>(), notice => Assert.All([$"Notice.{notice}", $"Notice.{notice}.Subject"], name => Assert.NotEmpty(texts[name])));
            Assert.All(Enum.GetValues<Role>(), role => Assert.NotEmpty(texts[$"Role.{role}"]));
        }
    }

    private static Dictionary<string, string> Texts(CultureInfo culture)
    {
        using var set = new ResourceManager(typeof(MailTexts)).GetResourceSet(culture, createIfNotExists: true, tryParents: false)!;
        return set.Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
