using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Tests.Architecture;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>docs/marks.md says for what content leaves under which tag; the gate's own rules are asked for every case of it.</summary>
[Trait("Run", "Once")]
public sealed class PurposeTableTests
{
    [Fact]
    public void Every_case_of_the_table_is_what_the_rules_say_and_none_is_missing()
    {
        var purposes = Purposes.Stated.Prepend(Purpose.Keep).ToList();
        var lines = Checkout.Read("docs/marks.md").Split('\n').SkipWhile(line => line != "## What may leave for what").TakeWhile(line => line != "## The carriers").ToList();

        Assert.Contains($"| tag in force | {string.Join(" | ", purposes.Select(purpose => $"`{purpose.Name()}`"))} |", lines);
        Assert.Equal(
            UsageTag.All.Reverse().Select(tag => $"| `{tag.Name}` | {string.Join(" | ", purposes.Select(purpose => purpose.IsAllowedBy(new EffectiveUse(tag.Rights, [])) ? "yes" : "no"))} |"),
            lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("view")]
    [InlineData("AI-TRAINING")]
    [InlineData("unknown")]
    [InlineData(null)]
    public void A_word_that_is_none_of_them_is_the_purpose_for_which_nothing_leaves(string? word)
    {
        Assert.Equal(Purpose.Unknown, Purposes.Parse(word));
        Assert.False(Purpose.Unknown.IsAllowedBy(new EffectiveUse(UsageRights.NoObjection, [])));
    }
}
