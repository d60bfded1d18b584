using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings.Approvals;

internal static class ApprovalProblems
{
    public static readonly Problem NoDecision = Problem.Invalid("decision", "it is approve or decline.");
    public static readonly Problem NoWord = Problem.Invalid("word", $"say in at most {UsageProblems.LongestReason} characters why you decide so; the log keeps it.");
    public static readonly Problem Own = new("loosening-own", 403, "You asked for this yourself. Another Owner or Admin approves or declines it.");
    public static readonly Problem Stale = new("loosening-stale", 409, "The recording, the rules or who asked has changed since, so there is nothing to decide here any more. Look at the recording, and ask anew.");

    /// <param name="state">approved, declined or expired.</param>
    public static Problem Over(string state) => new("loosening-over", 409, $"This request is over: it is {state}.") { Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["state"] = state } };
}
