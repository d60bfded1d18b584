using RecordingVault.Server.Features.Retention.Dates;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>Which changes of rules let something go earlier than was promised. Those wait for a second person or seven days; all others count at once.</summary>
internal static class Ratchet
{
    /// <summary>By the rules alone, whatever recordings are there: what comes tomorrow was promised the same.</summary>
    /// <param name="after">Null where the schedule is to go.</param>
    /// <param name="others">The tenant's other rules that may be for the same recordings.</param>
    public static bool Lowers(RetentionRule before, RetentionRule? after, IEnumerable<RetentionRule> others)
    {
        if (before.KeepAtLeast is { } kept && (after?.KeepAtLeast is not { } keeps || !keeps.IsNeverShorterThan(kept)))
            return true;
        if (before.DisposeAfter is not { } was)
            return after?.DisposeAfter is not null;
        // A more specific wish that is gone uncovers the less specific ones, which may be earlier.
        if (after?.DisposeAfter is not { } wish)
            return others.Any(other => other.Id != before.Id && other.DisposeAfter is not null && (other.Scope < before.Scope || IsUncovered(before, was, other)));
        // Of equally specific wishes the earliest counts: one that is put off may uncover another that is surer.
        if (wish != was && others.Any(other => other.Id != before.Id && IsUncovered(before, was, other)))
            return true;
        return !wish.IsNeverShorterThan(was) || IsSurer(before, after);
    }

    /// <summary>An equally specific wish that is surer, and that the first one has come before: what comes first already hides behind nothing.</summary>
    private static bool IsUncovered(RetentionRule before, RetentionPeriod was, RetentionRule other) =>
        other.DisposeAfter is { } wish && other.Scope == before.Scope && IsSurer(before, other) && !(other.Trigger == before.Trigger && was.IsNeverShorterThan(wish));

    /// <summary>Whether the second destroys where the first waits for a decision, or after less time in the trash.</summary>
    private static bool IsSurer(RetentionRule one, RetentionRule other) =>
        one.Action < other.Action || (one.Action is DisposalAction.Destroy && other.Action is DisposalAction.Destroy && other.GraceInDays < one.GraceInDays);

    /// <summary>Whether a recording to which a schedule gave a date goes earlier, or more surely, by the second date.</summary>
    public static bool IsSooner(DisposalDate before, DisposalDate after) =>
        before.At is { } promised && after.At is { } at
        && (at < promised || before.Action < after.Action || (before.Action is DisposalAction.Destroy && after.Action is DisposalAction.Destroy && after.GraceInDays < before.GraceInDays));
}
