using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Tests.Architecture;

namespace RecordingVault.Server.Tests.Retention.Dates;

/// <summary>The date without any database: the table of docs/retention.md line by line, and what holds of every set of rules that there is.</summary>
[Trait("Run", "Once")]
public sealed class DisposalDateTests
{
    private static readonly Guid s_recording = new("0192f000-0000-7000-8000-0000000000aa");
    private static readonly Guid s_collection = new("0192f000-0000-7000-8000-0000000000bb");
    private static readonly DateTimeOffset s_recorded = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Cases => [.. Lines()];

    [Theory, MemberData(nameof(Cases))]
    public void Every_case_of_the_table_is_what_the_engine_reckons(string line)
    {
        var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        var rules = cells[0] == "none" ? [] : cells[0].Split("; ").Select(RuleOf).ToList();

        var date = DisposalDate.Of(rules, FactsOf(cells[1]));

        Assert.Equal(cells[2], Day(date.At));
        Assert.Equal(cells[3], date.At is null ? "–" : date.Action.Name());
        Assert.Equal(cells[4], Letter(date.WishId));
        Assert.Equal(cells[5], date.KeptUntil is null ? "–" : $"{Day(date.KeptUntil)} {(date.ObligationId is null ? "hand" : Letter(date.ObligationId))}");
    }

    [Fact]
    public void The_table_has_every_scope_trigger_and_action()
    {
        var table = string.Join('\n', Lines());

        Assert.All(Enum.GetValues<RetentionScope>(), scope => Assert.Contains($": {scope.Name()}", table, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<RetentionTrigger>(), trigger => Assert.Contains($" {trigger.Name()} ", table, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<DisposalAction>(), action => Assert.Contains($" {action.Name()} |", table, StringComparison.Ordinal));
        Assert.True(Lines().Count() > 25);
    }

    [Property(Arbitrary = [typeof(SomeCases)])]
    public void No_date_is_earlier_than_any_obligation_that_applies(OneCase one)
    {
        var date = DisposalDate.Of(one.Rules, one.Facts);
        var obligations = one.Rules.Where(rule => rule.AppliesTo(one.Facts) && rule.KeepAtLeast is not null && one.Facts.MomentOf(rule.Trigger) is not null)
            .Select(rule => rule.KeepAtLeast!.Value.After(one.Facts.MomentOf(rule.Trigger)!.Value));

        Assert.All(obligations, until => Assert.True((date.At is null || date.At >= until) && date.KeptUntil >= until));
        Assert.True(one.Facts.KeptUntil is null || date.KeptUntil >= one.Facts.KeptUntil);
        Assert.True(date.At is null || one.Facts.KeptUntil is null || date.At >= one.Facts.KeptUntil);
    }

    [Property(Arbitrary = [typeof(SomeCases)])]
    public void A_raised_period_never_gives_an_earlier_date(OneCase one)
    {
        if (one.Rules.Count == 0)
            return;
        var raised = one.Rules.Select((rule, place) => place != one.Place % one.Rules.Count ? rule : rule with { KeepAtLeast = Raise(rule.KeepAtLeast, one.More), DisposeAfter = Raise(rule.DisposeAfter, one.More) }).ToList();
        var (before, after) = (DisposalDate.Of(one.Rules, one.Facts), DisposalDate.Of(raised, one.Facts));

        Assert.Equal(before.At is null, after.At is null);
        Assert.True(before.At is null || after.At >= before.At);
        Assert.True(before.KeptUntil is null || after.KeptUntil >= before.KeptUntil);
    }

    [Property(Arbitrary = [typeof(SomeCases)])]
    public void The_order_of_rules_is_nothing(OneCase one)
    {
        var reckoned = DisposalDate.Of(one.Rules, one.Facts);

        Assert.Equal(reckoned, DisposalDate.Of([.. one.Rules.Reverse()], one.Facts));
        Assert.Equal(reckoned, DisposalDate.Of([.. one.Rules.Skip(one.Place % 3), .. one.Rules.Take(one.Place % 3)], one.Facts));
    }

    private static RetentionPeriod? Raise(RetentionPeriod? period, int more) => period is { Unit: var unit, Count: var count } ? RetentionPeriod.Parse($"P{count + more}{unit}") : null;

    private static IEnumerable<string> Lines() => Checkout.Read("docs/retention.md").Split('\n')
        .Where(line => line.Count(letter => letter == '|') == 7 && (line.StartsWith("| none", StringComparison.Ordinal) || (line.Length > 4 && line[3] == ':' && char.IsUpper(line[2]))));

    private static RetentionRule RuleOf(string text)
    {
        var words = text[3..].Split(' ');
        var scope = RetentionWords.ScopeOf(words[0].Split('=')[0])!.Value;
        var target = scope switch
        {
            RetentionScope.Recording => s_recording.ToString(),
            RetentionScope.Collection => s_collection.ToString(),
            RetentionScope.Tenant => null,
            _ => words[0].Split('=')[1],
        };
        return new RetentionRule(
            IdOf(text[0]), scope, target, RetentionWords.TriggerOf(words[1])!.Value, Period("keep="), Period("go="), words.Contains("destroy", StringComparer.Ordinal) ? DisposalAction.Destroy : DisposalAction.Review, 30);

        RetentionPeriod? Period(string named) => words.FirstOrDefault(word => word.StartsWith(named, StringComparison.Ordinal)) is { } found ? RetentionPeriod.Parse(found[named.Length..]) : null;
    }

    private static RetentionFacts FactsOf(string text)
    {
        var said = text == "–" ? [] : text.Split(' ').Select(word => word.Split('=')).ToDictionary(parts => parts[0], parts => parts.ElementAtOrDefault(1), StringComparer.Ordinal);
        return new RetentionFacts
        {
            RecordingId = s_recording,
            Label = RecordingNames.LabelOf(said.GetValueOrDefault("label")) ?? ConfidentialityLabel.Confidential,
            Source = RecordingSources.Parse(said.GetValueOrDefault("source")),
            CollectionId = said.ContainsKey("collection") ? s_collection : null,
            RecordedAt = Time("recorded") ?? s_recorded,
            UploadedAt = said.ContainsKey("arriving") ? null : s_recorded.AddDays(1),
            LastViewedAt = Time("viewed"),
            ConsentWithdrawnAt = Time("withdrawn"),
            MatterClosedAt = Time("closed"),
            KeptUntil = Time("kept"),
        };

        DateTimeOffset? Time(string name) => said.GetValueOrDefault(name) is { } day ? new DateTimeOffset(DateTime.Parse(day, CultureInfo.InvariantCulture), TimeSpan.Zero) : null;
    }

    private static Guid IdOf(char letter) => new($"00000000-0000-7000-8000-0000000000{(int)letter:x2}");

    private static string Letter(Guid? id) => id is { } known ? ((char)known.ToByteArray()[^1]).ToString() : "–";

    private static string Day(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "–";

    public sealed record OneCase
    {
        internal IReadOnlyList<RetentionRule> Rules { get; init; } = [];
        internal RetentionFacts Facts { get; init; } = FactsOf("–");
        internal int Place { get; init; }
        internal int More { get; init; }
    }

    public static class SomeCases
    {
        public static Arbitrary<OneCase> Arbitrary() => (
            from count in Gen.Choose(0, 6)
            from rules in Rule().ListOf(count)
            from seen in Gen.Elements(true, false)
            from withdrawn in Gen.Elements(true, false)
            from closed in Gen.Elements(true, false)
            from kept in Gen.Choose(-1, 400)
            from place in Gen.Choose(0, 9)
            from more in Gen.Choose(1, 50)
            select new OneCase
            {
                Rules = [.. rules.Select((rule, at) => rule with { Id = IdOf((char)('A' + at)) })],
                Facts = FactsOf("collection") with
                {
                    LastViewedAt = seen ? s_recorded.AddDays(40) : null,
                    ConsentWithdrawnAt = withdrawn ? s_recorded.AddDays(20) : null,
                    MatterClosedAt = closed ? s_recorded.AddDays(90) : null,
                    KeptUntil = kept < 0 ? null : s_recorded.AddDays(kept),
                },
                Place = place,
                More = more,
            }).ToArbitrary();

        private static Gen<RetentionRule> Rule() =>
            from scope in Gen.Elements(Enum.GetValues<RetentionScope>())
            from fits in Gen.Elements(true, true, false)
            from trigger in Gen.Elements(Enum.GetValues<RetentionTrigger>())
            from keep in Gen.Choose(-200, 400)
            from go in Gen.Choose(-200, 400)
            from unit in Gen.Elements('D', 'M')
            from action in Gen.Elements(Enum.GetValues<DisposalAction>())
            select new RetentionRule(
                Guid.Empty, scope,
                scope switch { RetentionScope.Tenant => null, _ when !fits => "else", RetentionScope.Source => "other", RetentionScope.Label => "confidential", RetentionScope.Collection => s_collection.ToString(), _ => s_recording.ToString() },
                trigger, keep < 0 ? null : RetentionPeriod.Parse($"P{keep}{unit}"), go < 0 ? null : RetentionPeriod.Parse($"P{go}{unit}"), action, 30);
    }
}
