using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Tests.Architecture;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>The rules without any database: the table of docs/consent.md line by line, and what holds of every case that there is.</summary>
[Trait("Run", "Once")]
public sealed class ConsentRulesTests
{
    private static readonly Purpose[] s_purposes = [.. ConsentPolicy.Purposes];

    public static TheoryData<string> Cases => [.. Lines()];

    [Theory, MemberData(nameof(Cases))]
    public void Every_case_of_the_table_is_what_the_rules_say(string line)
    {
        var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        var purpose = Purposes.Parse(cells[0].Trim('`'));
        var rule = new PurposeRule(ConsentWords.Of(Enum.GetValues<ConsentNeed>(), cells[1])!.Value, cells[2] == "–" ? WhenMissing.Refuse : ConsentWords.Of(Enum.GetValues<WhenMissing>(), cells[2])!.Value);
        var said = cells[3] == "nobody named" ? [] : cells[3].Split(' ').Select(word => ConsentWords.Of(ConsentWords.Statuses, word)).ToList();

        Assert.Equal(cells[5], ConsentWords.Name(ConsentRules.Decide(purpose, rule, Tally(said), cells[4] == "yes")));
    }

    [Fact]
    public void The_table_has_every_verdict_every_need_and_every_consequence()
    {
        var cells = Lines().Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToList();

        Assert.Empty(ConsentWords.List(Enum.GetValues<ConsentVerdict>()).Split(", ").Except(cells.Select(line => line[5]), StringComparer.Ordinal));
        Assert.Empty(ConsentWords.List(Enum.GetValues<ConsentNeed>()).Split(", ").Except(cells.Select(line => line[1]), StringComparer.Ordinal));
        Assert.Empty(ConsentWords.List(Enum.GetValues<WhenMissing>()).Split(", ").Except(cells.Select(line => line[2]), StringComparer.Ordinal));
        Assert.Empty(s_purposes.Append(Purpose.Legal).Select(purpose => $"`{purpose.Name()}`").Except(cells.Select(line => line[0]), StringComparer.Ordinal));
    }

    [Property(Arbitrary = [typeof(SomeCases)])]
    public void Nobodys_no_ever_lets_more_leave(OneCase one)
    {
        var before = Decide(one, one.Said);
        var refused = one.Said.Select(ConsentStatus? (status, place) => place == one.Place % one.Said.Count ? ConsentStatus.Refused : status).ToList();
        var more = one.Said.Append(ConsentStatus.Withdrawn).ToList();

        Assert.True(before.Allows() || !Decide(one, refused).Allows());
        Assert.True(before.Allows() || !Decide(one, more).Allows());
        Assert.Subset(ConsentQuestion.FactsOf(Tallies(one.Purpose, one.Said)).GrantedByAll.ToHashSet(), ConsentQuestion.FactsOf(Tallies(one.Purpose, refused)).GrantedByAll.ToHashSet());
    }

    [Property(Arbitrary = [typeof(SomeCases)])]
    public void Somebody_more_whose_word_nobody_knows_never_lets_more_leave(OneCase one) =>
        Assert.True(Decide(one, one.Said).Allows() || !Decide(one, [.. one.Said, null]).Allows());

    [Property(Arbitrary = [typeof(SomeCases)])]
    public void A_stricter_rule_never_lets_more_leave(OneCase one, OneCase other)
    {
        var joined = one with { Rule = one.Rule.Join(other.Rule) };
        var otherwise = one with { Rule = other.Rule };

        Assert.True(joined.Rule.IsAsStrictAs(one.Rule));
        Assert.True(Decide(one, one.Said).Allows() || !Decide(joined, one.Said).Allows());
        Assert.True(!one.Rule.IsAsStrictAs(other.Rule) || Decide(otherwise, one.Said).Allows() || !Decide(one, one.Said).Allows());
    }

    [Property(Arbitrary = [typeof(SomeCases)])]
    public void Training_is_granted_by_each_ones_own_yes_and_by_nothing_else(OneCase one) =>
        Assert.Equal(one.Said.All(status => status == ConsentStatus.Given), ConsentQuestion.FactsOf(Tallies(Purpose.AiTraining, one.Said)).GrantedByAll.Contains(Use.GenerativeTraining));

    [Fact]
    public void Where_nobody_is_named_nobody_has_agreed() => Assert.Empty(ConsentQuestion.FactsOf(Tallies(Purpose.AiTraining, [])).GrantedByAll);

    [Fact]
    public void A_label_asks_more_and_never_less_than_what_counts_for_all()
    {
        var policy = new ConsentPolicy(new Dictionary<(ConfidentialityLabel?, Purpose), PurposeRule>
        {
            [(null, Purpose.ShareExternal)] = new(ConsentNeed.Everybody, WhenMissing.Warn),
            [(ConfidentialityLabel.Public, Purpose.ShareExternal)] = new(ConsentNeed.Nobody, WhenMissing.Refuse),
            [(ConfidentialityLabel.Restricted, Purpose.ViewInternal)] = new(ConsentNeed.Everybody, WhenMissing.Refuse),
        }, []);

        Assert.Equal(new PurposeRule(ConsentNeed.Everybody, WhenMissing.Refuse), policy.For(ConfidentialityLabel.Public, Purpose.ShareExternal));
        Assert.Equal(new PurposeRule(ConsentNeed.Everybody, WhenMissing.Warn), policy.For(ConfidentialityLabel.Internal, Purpose.ShareExternal));
        Assert.Equal(PurposeRule.Default, policy.For(ConfidentialityLabel.Internal, Purpose.ViewInternal));
        Assert.True(policy.IsAsStrictAs(ConsentPolicy.Default));
        Assert.False(ConsentPolicy.Default.IsAsStrictAs(policy));
    }

    private static IEnumerable<string> Lines() => Checkout.Read("docs/consent.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(letter => letter == '|') == 7);

    private static ConsentTally Tally(IReadOnlyCollection<ConsentStatus?> said) =>
        new(said.Count, said.Count(status => status == ConsentStatus.Given), said.Count(status => status == ConsentStatus.NotNeeded), said.Count(status => status is ConsentStatus.Refused or ConsentStatus.Withdrawn));

    private static RecordingTally Tallies(Purpose purpose, IReadOnlyCollection<ConsentStatus?> said) =>
        new(said.Count, said.OfType<ConsentStatus>().GroupBy(status => status).ToDictionary(group => (purpose, group.Key), group => group.Count()));

    private static ConsentVerdict Decide(OneCase one, IReadOnlyCollection<ConsentStatus?> said) => ConsentRules.Decide(one.Purpose, one.Rule, Tally(said), one.HasReason);

    /// <summary>A question to the rules. Null is somebody of whom nothing is on record.</summary>
    public sealed record OneCase
    {
        internal Purpose Purpose { get; init; }
        internal PurposeRule Rule { get; init; } = PurposeRule.Default;
        internal IReadOnlyList<ConsentStatus?> Said { get; init; } = [];
        internal int Place { get; init; }
        internal bool HasReason { get; init; }
    }

    public static class SomeCases
    {
        public static Arbitrary<OneCase> Arbitrary() => (
            from purpose in Gen.Elements(s_purposes)
            from needs in Gen.Elements(Enum.GetValues<ConsentNeed>())
            from missing in Gen.Elements(Enum.GetValues<WhenMissing>())
            from count in Gen.Choose(1, 5)
            from said in Gen.Elements<ConsentStatus?>([null, .. ConsentWords.Statuses.Cast<ConsentStatus?>()]).ListOf(count)
            from place in Gen.Choose(0, 9)
            from hasReason in Gen.Elements(true, false)
            select new OneCase { Purpose = purpose, Rule = new PurposeRule(needs, missing), Said = [.. said], Place = place, HasReason = hasReason }).ToArbitrary();
    }
}
