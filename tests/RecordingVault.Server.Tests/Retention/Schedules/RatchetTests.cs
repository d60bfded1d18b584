using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Schedules;

namespace RecordingVault.Server.Tests.Retention.Schedules;

/// <summary>What keeps for less long by the rules alone.</summary>
[Trait("Run", "Once")]
public sealed class RatchetTests
{
    [Theory]
    [InlineData("P30D P100D destroy 30", "P31D P100D destroy 30", false)]
    [InlineData("P30D P100D destroy 30", "P29D P100D destroy 30", true)]
    [InlineData("P30D P100D destroy 30", "- P100D destroy 30", true)]
    [InlineData("- P100D destroy 30", "P10Y P100D destroy 30", false)]
    [InlineData("P30D P100D destroy 30", "P30D P101D destroy 30", false)]
    [InlineData("P30D P100D destroy 30", "P30D P99D destroy 30", true)]
    [InlineData("P30D P100D destroy 30", "P30D P3M destroy 30", true)]
    [InlineData("P30D P100D destroy 30", "P30D P4M destroy 30", false)]
    [InlineData("P30D - review 30", "P30D P200Y review 30", true)]
    [InlineData("P30D P100D review 30", "P30D P100D destroy 30", true)]
    [InlineData("P30D P100D destroy 30", "P30D P100D review 30", false)]
    [InlineData("P30D P100D destroy 30", "P30D P100D destroy 31", false)]
    [InlineData("P30D P100D destroy 30", "P30D P100D destroy 29", true)]
    [InlineData("P30D P100D review 30", "P30D P100D review 0", false)]
    [InlineData("P30D P100D destroy 30", "P30D - destroy 30", false)]
    [InlineData("P30D - review 30", "removed", true)]
    [InlineData("- P100D destroy 30", "removed", false)]
    public void A_change_lowers_where_something_may_go_earlier(string before, string after, bool expected) => Assert.Equal(expected, Ratchet.Lowers(Rule(before)!, Rule(after), []));

    [Theory]
    [InlineData("removed")]
    [InlineData("P30D - destroy 30")]
    public void Taking_a_wish_away_lowers_where_a_less_specific_one_stands_under_it(string after)
    {
        var under = new RetentionRule(Guid.CreateVersion7(), RetentionScope.Tenant, null, RetentionTrigger.Recorded, null, RetentionPeriod.Days(7), DisposalAction.Destroy, 30);

        Assert.True(Ratchet.Lowers(Rule("- P100D destroy 30")!, Rule(after), [under]));
        Assert.False(Ratchet.Lowers(Rule("- P100D destroy 30")!, Rule(after), [under with { Scope = RetentionScope.Collection, Target = "x" }]));
        Assert.False(Ratchet.Lowers(Rule("- P100D destroy 30")!, Rule(after), [under with { DisposeAfter = null, KeepAtLeast = RetentionPeriod.Days(7) }]));
    }

    /// <summary>Two steps that are free each must not do what one step waits for.</summary>
    [Theory]
    [InlineData("removed")]
    [InlineData("- P300D review 30")]
    public void Putting_a_wish_off_lowers_where_a_surer_one_lay_behind_it(string after)
    {
        var before = Rule("- P100D review 30")!;
        var behind = before with { Id = Guid.CreateVersion7(), DisposeAfter = RetentionPeriod.Days(200), Action = DisposalAction.Destroy, GraceInDays = 0 };

        Assert.True(Ratchet.Lowers(before, Rule(after), [behind]));
        Assert.False(Ratchet.Lowers(before, Rule(after), [behind with { Action = DisposalAction.Review }]));
        Assert.False(Ratchet.Lowers(before, Rule(after), [behind with { DisposeAfter = RetentionPeriod.Days(50) }]));
    }

    private static readonly Guid s_id = Guid.CreateVersion7();

    private static RetentionRule? Rule(string text)
    {
        if (text == "removed")
            return null;
        var words = text.Split(' ');
        return new RetentionRule(s_id, RetentionScope.Label, "internal", RetentionTrigger.Recorded, Period(words[0]), Period(words[1]), RetentionWords.ActionOf(words[2])!.Value, int.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static RetentionPeriod? Period(string text) => text == "-" ? null : RetentionPeriod.Parse(text);
}
