using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Tests.Output;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("Größe \"會議\" 🎙", "Größe \"會議\" 🎙")]
    [InlineData("a\u001B[2J\u0007\r\n\u009Bb", @"a\u001B[2J\u0007\u000D\u000A\u009Bb")]
    [InlineData("\u202A\u202B\u202C\u202D\u202E", @"\u202A\u202B\u202C\u202D\u202E")]
    [InlineData("\u2066\u2067\u2068\u2069\u061C", @"\u2066\u2067\u2068\u2069\u061C")]
    [InlineData("\u200B\u200C\u200D\u200E\u200F", @"\u200B\u200C\u200D\u200E\u200F")]
    [InlineData("\uFEFF\u00AD\u2060\u2028\u2029", @"\uFEFF\u00AD\u2060\u2028\u2029")]
    [InlineData("\U000E0041", @"\U000E0041")]
    public void What_steers_turns_or_hides_is_shown_as_its_number(string text, string shown) => Assert.Equal(shown, ShownText.Of(text));

    [Fact]
    public void Half_a_letter_is_shown_as_the_mark_for_it() => Assert.Equal("a\uFFFDb", ShownText.Of("a" + '\uD83C' + "b"));
}
