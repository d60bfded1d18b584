using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>A rule, a dry run and a change as pages and the API say them.</summary>
internal static class ScheduleWords
{
    /// <summary>Kept at least 30 days, goes 100 days after the meeting, then 30 days in the trash.</summary>
    public static string Rule(RetentionRule rule)
    {
        var after = RetentionWords.After(rule.Trigger);
        var keeps = rule.KeepAtLeast is { } keep ? $"kept at least {RetentionWords.Length(keep)}" : null;
        var goes = rule.DisposeAfter is not { } dispose ? null
            : rule.Action is DisposalAction.Review ? $"somebody decides about it {RetentionWords.Length(dispose)} {after}"
            : $"goes {RetentionWords.Length(dispose)} {after}, {(rule.GraceInDays == 0 ? "without a time in the trash" : $"then {RetentionWords.Length(RetentionPeriod.Days(rule.GraceInDays))} in the trash")}";
        var said = (keeps, goes) switch
        {
            (null, null) => "says nothing yet, until what waits counts",
            ({ } least, null) => $"{least} {after}",
            (null, { } then) => then,
            ({ } least, { } then) => $"{least}, {then}",
        };
        return char.ToUpperInvariant(said[0]) + said[1..] + "." + (IsCrossed(rule) ? " It obliges to keep for longer than it wishes, so the obligation counts." : "");
    }

    /// <summary>Its wish is over before its obligation, always or at times: allowed, and said.</summary>
    public static bool IsCrossed(RetentionRule rule) => rule is { KeepAtLeast: { } keep, DisposeAfter: { } dispose } && !dispose.IsNeverShorterThan(keep);

    public static string For(string scope, string? target, string? targetName) => scope switch
    {
        "tenant" => "All recordings",
        "source" => target == "other" ? "Recordings of no known program" : $"Recordings of {(target == "zoom" ? "Zoom" : "BigBlueButton")}",
        "label" => $"Recordings that are {target}",
        "collection" => $"The collection “{targetName}”",
        _ => $"“{targetName}” alone",
    };

    public static string State(ChangeResponse change) => change.State switch
    {
        "waiting" => "It waits for a second owner or admin, and counts after seven days though nobody decides.",
        "in-force" => change.DecidedBy is null ? "Nobody decided within seven days, so it counts." : "It was approved, and counts.",
        "declined" => "It was declined, and the schedule stayed.",
        "taken-back" => "Whoever asked took it back, and the schedule stayed.",
        _ => "The schedule, or who asked, changed meanwhile, so it is not asked any more.",
    };

    /// <summary>What it would do, first and shortly.</summary>
    public static string Preview(PreviewResponse found, bool destroys)
    {
        if (found.Changed == 0)
            return found.KeptLonger > 0 ? $"This would keep {Count(found.KeptLonger)} for longer, and give none another date." : "This would change the date of no recording that is here now.";
        if (found.From is not { } from)
            return $"After this, no schedule says when {Count(found.Changed)} {(found.Changed == 1 ? "goes" : "go")}.";
        return $"This would {(destroys ? "delete" : "put to somebody’s decision")} {Count(found.Changed)} on or after {RetentionWords.Day(from)}, nothing before a week’s notice.";
    }

    private static string Count(int number) => Amount.Count(number, "recording", "recordings");
}
