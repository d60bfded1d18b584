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
            return others.Any(other => other.Id != before.Id && other.DisposeAfter is not null && other.Scope < before.Scope);
        return !wish.IsNeverShorterThan(was) || before.Action < after.Action || (before.Action is DisposalAction.Destroy && after.Action is DisposalAction.Destroy && after.GraceInDays < before.GraceInDays);
    }

    /// <summary>Whether a recording to which a schedule gave a date goes earlier, or more surely, by the second date.</summary>
    public static bool IsSooner(DisposalDate before, DisposalDate after) =>
        before.At is { } promised && after.At is { } at
        && (at < promised || before.Action < after.Action || (before.Action is DisposalAction.Destroy && after.Action is DisposalAction.Destroy && after.GraceInDays < before.GraceInDays));
}
