using System.Globalization;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Due.Keep;

/// <summary>Until when somebody wants a recording kept, and why.</summary>
internal sealed record KeepWish(DateTimeOffset Until, string Reason)
{
    public const int LongestReason = 500;
    public const int MostYears = 30;

    private static readonly string[] s_moments = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <param name="until">A day, which it is kept to the end of in UTC, or a moment.</param>
    public static Problem? TryRead(string? until, string? reason, DateTimeOffset now, out KeepWish wish)
    {
        wish = new KeepWish(default, "");
        if (!TryRead(until?.Trim() ?? "", out var moment))
            return Problem.Invalid("until", "give a day such as 2027-01-31, or a moment such as 2027-01-31T12:00:00Z.");
        if (moment <= now)
            return Problem.Invalid("until", "that is over already. Give a later day.");
        if (moment > now.AddYears(MostYears))
            return Problem.Invalid("until", string.Create(CultureInfo.InvariantCulture, $"at most {MostYears} years ahead; say it again then."));
        if (CheckReason(reason) is { } wrong)
            return wrong;
        wish = new KeepWish(moment, reason!.Trim());
        return null;
    }

    public static Problem? CheckReason(string? reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > LongestReason ? Problem.Invalid("reason", string.Create(CultureInfo.InvariantCulture, $"say in at most {LongestReason} characters why; the log keeps it.")) : null;

    private static bool TryRead(string text, out DateTimeOffset moment)
    {
        moment = default;
        if (ZonedDays.TryDay(text, out var day))
        {
            moment = ZonedDays.Begin(day.AddDays(1), TimeZoneInfo.Utc).AddSeconds(-1);
            return true;
        }

        if (!DateTimeOffset.TryParseExact(text, s_moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment))
            return false;
        moment = moment.Cut();
        return true;
    }
}
