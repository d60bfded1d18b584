using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Schedules;

internal static class ScheduleProblems
{
    /// <summary>Beside those for single recordings: each of them is looked at for every recording.</summary>
    public const int MostSchedules = 200;

    public static readonly Problem Empty = Problem.Invalid("disposeAfter", "say at least one of both: for how long recordings are kept at least, or after which time they go.");
    public static readonly Problem NoAction = Problem.Invalid("action", "it is review or destroy.");
    public static readonly Problem NoGrace = Problem.Invalid("graceInDays", "give 0 to 365 days.");
    public static readonly Problem NoReason = Problem.Invalid("reason", $"something could go earlier then, so say in at most {UsageProblems.LongestReason} characters why; the log keeps it, and a second person reads it.");
    public static readonly Problem NoDecision = Problem.Invalid("decision", "it is approve or decline.");
    public static readonly Problem NoWord = Problem.Invalid("word", $"say in at most {UsageProblems.LongestReason} characters why you decide so; the log keeps it.");
    public static readonly Problem TooMany = new("too-many-schedules", 409, "There are 200 schedules already, which is the most. Remove one that is not needed, or widen one.");
    public static readonly Problem HasOwn = new("schedule-there", 409, "There is a schedule for just this already. Change that one.");
    public static readonly Problem Own = new("schedule-change-own", 403, "You asked for this yourself. Another Owner or Admin approves or declines it; you can take it back.");
    public static readonly Problem NotOwn = new("schedule-change-others", 403, "Somebody else asked for this. Whoever asked takes it back; you can decline it.");
    public static readonly Problem Stale = new("schedule-change-stale", 409, "The schedule, or who asked, has changed since, so there is nothing to decide here any more. Look at the schedule, and ask anew.");

    /// <param name="state">in-force, declined or taken-back.</param>
    public static Problem Over(string state) => new("schedule-change-over", 409, $"This change waits no more: it is {state.Replace('-', ' ')}.") { Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["state"] = state } };
}
