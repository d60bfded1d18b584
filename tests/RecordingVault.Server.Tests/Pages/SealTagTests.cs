using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>What the pages claim of a tag is what the tag's rights say.</summary>
public sealed class SealTagTests
{
    public static TheoryData<string> Tags => new(UsageTag.All.Where(tag => tag != UsageTag.Unmarked).Select(tag => tag.Name));

    [Theory]
    [MemberData(nameof(Tags))]
    public void Training_is_said_to_be_forbidden_just_where_it_is(string name)
    {
        var facts = new SealFacts { UsageTag = name };
        var isForbidden = UsageTag.Parse(name)!.Rights.GenerativeTraining == UseDecision.Prohibited;

        Assert.Equal(isForbidden, facts.ForbidsTraining);
        Assert.Equal(isForbidden ? 1 : 0, SealWord.Of(facts, PublicTexts.English).Count);
    }

    /// <summary>What a tag leaves open is not said to be closed.</summary>
    [Theory]
    [MemberData(nameof(Tags))]
    public void Mining_is_spoken_of_just_where_the_tag_speaks_of_it(string name)
    {
        var rights = UsageTag.Parse(name)!.Rights;
        foreach (var word in SealWord.Of(new SealFacts { UsageTag = name }, PublicTexts.English))
        {
            Assert.Equal(rights.Mining == UseDecision.Prohibited || (rights.Mining == UseDecision.Constrained && rights.Search == UseDecision.Allowed), word.Claim.Contains("data mining", StringComparison.Ordinal));
            Assert.Equal(rights.OtherTraining == UseDecision.Prohibited, word.Claim.Contains("for AI training", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Of_what_is_not_known_nothing_is_claimed() => Assert.False(new SealFacts { UsageTag = "whatever" }.ForbidsTraining);
}
