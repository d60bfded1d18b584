using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Holds;

internal static class HoldProblems
{
    public const int LongestName = 200;
    public const int LongestNote = 2_000;
    public const int LongestReason = UsageProblems.LongestReason;

    /// <summary>Names are opened in memory where a page lets one choose.</summary>
    public const int MostOpen = 500;

    public static readonly Problem NoSuchMatter = Problem.Invalid("matter", "give the id of a matter that is open.");
    public static readonly Problem MatterClosed = new("matter-closed", 409, "The matter is closed, and nothing is held for it any more. Open another one.");
    public static readonly Problem TooManyMatters = new("too-many-matters", 409, "There are 500 open matters, which is the most. Close one that is over.");

    private static readonly Problem s_noName = Problem.Invalid("name", $"give the matter a name of 1 to {LongestName} characters.");
    private static readonly Problem s_longNote = Problem.Invalid("note", $"at most {LongestNote} characters.");
    private static readonly Problem s_longReason = Problem.Invalid("reason", $"at most {LongestReason} characters.");
    private static readonly Problem s_noReason = Problem.Invalid("reason", $"say in at most {LongestReason} characters why what was held may go again; the log keeps it.");

    public static Problem? CheckName(string? name) => string.IsNullOrWhiteSpace(name) || name.Trim().Length > LongestName ? s_noName : null;

    public static Problem? CheckNote(string? note) => note?.Trim().Length > LongestNote ? s_longNote : null;

    /// <summary>A hold needs none: whoever holds what need not be held harms nobody.</summary>
    public static Problem? CheckReason(string? reason) => reason?.Trim().Length > LongestReason ? s_longReason : null;

    /// <summary>What lifting needs, as the request tells it; null where it may go on.</summary>
    public static Problem? LiftingRefusal(HttpContext http, string? reason, DateTimeOffset now) =>
        http.User.SessionId() is null ? Problem.PersonNeeded
        : string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > LongestReason ? s_noReason
        : FreshSignIn.Check(http, now);
}
