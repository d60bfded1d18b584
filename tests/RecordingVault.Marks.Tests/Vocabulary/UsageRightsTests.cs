using System.Collections.Frozen;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.Vocabulary;

/// <summary>Joining rights is the join of a lattice: whoever speaks, in whatever order and however often, the result is the least that satisfies all.</summary>
[Properties(Arbitrary = [typeof(Sources)], MaxTest = 500)]
public sealed class UsageRightsTests
{
    [Property]
    public void Joining_does_not_ask_who_came_first(UsageRights a, UsageRights b) => Assert.Equal(a.Join(b), b.Join(a));

    [Property]
    public void Joining_does_not_ask_how_it_is_grouped(UsageRights a, UsageRights b, UsageRights c) => Assert.Equal(a.Join(b).Join(c), a.Join(b.Join(c)));

    [Property]
    public void Saying_it_twice_changes_nothing(UsageRights a) => Assert.Equal(a, a.Join(a));

    [Property]
    public void What_is_joined_is_as_strict_as_both(UsageRights a, UsageRights b)
    {
        Assert.True(a.Join(b).IsAsStrictAs(a));
        Assert.True(a.Join(b).IsAsStrictAs(b));
    }

    [Property]
    public void Nothing_less_would_do(UsageRights a, UsageRights b, UsageRights other) =>
        Assert.True(!(other.IsAsStrictAs(a) && other.IsAsStrictAs(b)) || other.IsAsStrictAs(a.Join(b)));

    [Property]
    public void A_stricter_part_makes_no_looser_whole(UsageRights a, UsageRights stricter, UsageRights b) =>
        Assert.True(a.Join(stricter).Join(b).IsAsStrictAs(a.Join(b)));

    [Property]
    public void Nobody_s_objection_changes_nothing(UsageRights a) => Assert.Equal(a, a.Join(UsageRights.NoObjection));

    [Property]
    public void A_source_more_never_loosens(UsagePolicy policy, UsageTag tag, ConsentFacts consents, FoundMark[] found, FoundMark one)
    {
        var before = EffectiveUse.Of(policy, tag, consents, found);
        var after = EffectiveUse.Of(policy, tag, consents, [.. found, one]);

        Assert.True(after.Rights.IsAsStrictAs(before.Rights));
        Assert.All(UsageRights.Uses, use => Assert.False(before.Rights[use] != UseDecision.Allowed && after.Rights[use] == UseDecision.Allowed));
    }

    [Property]
    public void A_consent_that_is_withdrawn_never_loosens(UsagePolicy policy, UsageTag tag, ConsentFacts consents, Use withdrawn)
    {
        var before = EffectiveUse.Of(policy, tag, consents, []);
        var after = EffectiveUse.Of(policy, tag, new ConsentFacts(consents.GrantedByAll.Where(use => use != withdrawn).ToFrozenSet()), []);

        Assert.True(after.Rights.IsAsStrictAs(before.Rights));
    }

    [Property]
    public void The_name_says_no_less_than_the_rights(UsageRights rights) => Assert.True(UsageTag.Naming(rights).Rights.IsAsStrictAs(rights));

    [Fact]
    public void Each_tag_is_its_own_name() => Assert.All(UsageTag.All, tag => Assert.Same(tag, UsageTag.Naming(tag.Rights)));

    [Fact]
    public void What_nobody_marked_is_treated_as_no_tdm_and_never_written()
    {
        Assert.Equal(UsageTag.NoTdm.Rights, UsageTag.Unmarked.Rights);
        Assert.DoesNotContain(UsageTag.Unmarked, UsageTag.All);
        Assert.Null(UsageTag.Parse("unspecified"));
    }

    [Fact]
    public void Every_source_has_to_agree_before_a_recording_may_train()
    {
        var everything = UsageRights.Uses.ToFrozenSet();
        var policy = new UsagePolicy(UsageTag.AllowedUse, everything);

        Assert.Same(UsageTag.AllowedUse, EffectiveUse.Of(policy, UsageTag.AllowedUse, new ConsentFacts(everything), []).Tag);
        Assert.Same(UsageTag.NoTdm, EffectiveUse.Of(UsagePolicy.Default, UsageTag.AllowedUse, new ConsentFacts(everything), []).Tag);
        Assert.Same(UsageTag.NoTdm, EffectiveUse.Of(policy, UsageTag.NoTdm, new ConsentFacts(everything), []).Tag);
        Assert.Same(UsageTag.NoTdm, EffectiveUse.Of(policy, UsageTag.AllowedUse, ConsentFacts.NoneKnown, []).Tag);
        var marked = EffectiveUse.Of(policy, UsageTag.AllowedUse, new ConsentFacts(everything), [new FoundMark("XMP plus:DataMining", "DMI-PROHIBITED-AIMLTRAINING", UsageTag.NoAiTraining.Rights.AsObjections())]);
        Assert.Equal(UseDecision.Prohibited, marked.Rights.GenerativeTraining);
        Assert.All(marked.Objections, objection => Assert.Equal(UseSource.FoundMark, objection.Source));
        Assert.Contains("DMI-PROHIBITED-AIMLTRAINING", marked.Objections[0].Words, StringComparison.Ordinal);
    }

    private static class Sources
    {
        private static readonly Gen<Use[]> Some = Gen.SubListOf<Use>([.. UsageRights.Uses]).Select(uses => uses.ToArray());

        private static readonly Gen<UseDecision> Decision = Gen.Elements(Enum.GetValues<UseDecision>());

        public static Arbitrary<UsageRights> Rights() => Gen.ArrayOf(Decision, 5).Select(five => new UsageRights(five[0], five[1], five[2], five[3], five[4])).ToArbitrary();

        public static Arbitrary<UsageTag> Tags() => Gen.Elements<UsageTag>([.. UsageTag.All, UsageTag.Unmarked]).ToArbitrary();

        public static Arbitrary<UsagePolicy> Policies() => Gen.Elements<UsageTag>([.. UsageTag.All]).SelectMany(tag => Some.Select(uses => new UsagePolicy(tag, uses.ToFrozenSet()))).ToArbitrary();

        public static Arbitrary<ConsentFacts> Consents() => Some.Select(uses => new ConsentFacts(uses.ToFrozenSet())).ToArbitrary();

        public static Arbitrary<FoundMark> Marks() => Rights().Generator.Select(rights => new FoundMark("XMP", "found", rights.AsObjections())).ToArbitrary();
    }
}
