namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>When a recording may go, and which rules say so. docs/retention.md tells the cases in a table that the tests run.</summary>
/// <param name="At">Null: it is kept until somebody decides.</param>
/// <param name="Action">What happens then.</param>
/// <param name="WishId">The schedule whose wish it is; null where <paramref name="At"/> is.</param>
/// <param name="GraceInDays">How long it lies in the trash then.</param>
/// <param name="KeptUntil">Before then no byte of it goes, by whatever hand; null where nothing obliges.</param>
/// <param name="ObligationId">The schedule that keeps it the longest; null where none does, or where a person keeps it longer than every schedule.</param>
internal sealed record DisposalDate(DateTimeOffset? At, DisposalAction Action, Guid? WishId, int GraceInDays, DateTimeOffset? KeptUntil, Guid? ObligationId)
{
    /// <summary>
    /// The later of the most specific wish that applies and the latest obligation of all that apply. Where several wishes are equally specific the earliest counts: a tenant that wants what was
    /// withdrawn gone in a week says so beside what it wants of everything else. A rule whose trigger has not come to pass does not apply. What a person keeps is an obligation of its own, and what obliged before somebody edited the recording goes on to.
    /// </summary>
    public static DisposalDate Of(IReadOnlyCollection<RetentionRule> rules, RetentionFacts facts)
    {
        (RetentionRule Rule, DateTimeOffset At)? wish = null, obligation = null;
        foreach (var rule in rules)
        {
            if (!rule.AppliesTo(facts) || facts.MomentOf(rule.Trigger) is not { } moment)
                continue;
            if (rule.DisposeAfter is { } dispose && (wish is not { } before || IsBefore((rule, dispose.After(moment)), before)))
                wish = (rule, dispose.After(moment));
            if (rule.KeepAtLeast is { } keep && (obligation is not { } longest || keep.After(moment) > longest.At || (keep.After(moment) == longest.At && rule.Id.CompareTo(longest.Rule.Id) < 0)))
                obligation = (rule, keep.After(moment));
        }

        var isKeptByHand = facts.KeptUntil is { } byHand && (obligation is null || byHand >= obligation.Value.At);
        var keptUntil = isKeptByHand ? facts.KeptUntil : obligation?.At;
        var isKeptAsBefore = facts.ObligedBefore is { } obliged && !(keptUntil >= obliged);
        if (isKeptAsBefore)
            keptUntil = facts.ObligedBefore;
        return new DisposalDate(
            wish is null ? null : keptUntil > wish.Value.At ? keptUntil : wish.Value.At, wish?.Rule.Action ?? DisposalAction.Review, wish?.Rule.Id, wish?.Rule.GraceInDays ?? 0,
            keptUntil, isKeptAsBefore ? facts.ObligationBefore : isKeptByHand ? null : obligation?.Rule.Id);
    }

    private static bool IsBefore((RetentionRule Rule, DateTimeOffset At) one, (RetentionRule Rule, DateTimeOffset At) other) =>
        one.Rule.Scope != other.Rule.Scope ? one.Rule.Scope > other.Rule.Scope
        : one.At != other.At ? one.At < other.At
        : one.Rule.Id.CompareTo(other.Rule.Id) < 0;
}
