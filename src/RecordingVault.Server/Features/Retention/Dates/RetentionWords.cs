using System.Globalization;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>How the API names what schedules are made of, and how pages say it.</summary>
internal static class RetentionWords
{
    public static string Name(this RetentionScope scope) => scope.ToString().ToLowerInvariant();

    public static string Name(this DisposalAction action) => action.ToString().ToLowerInvariant();

    public static string Name(this RetentionTrigger trigger) => trigger switch
    {
        RetentionTrigger.Recorded => "recorded",
        RetentionTrigger.Uploaded => "uploaded",
        RetentionTrigger.LastViewed => "last-viewed",
        RetentionTrigger.ConsentWithdrawn => "consent-withdrawn",
        _ => "matter-closed",
    };

    public static RetentionScope? ScopeOf(string? name) => Of(Enum.GetValues<RetentionScope>(), Name, name);

    public static RetentionTrigger? TriggerOf(string? name) => Of(Enum.GetValues<RetentionTrigger>(), Name, name);

    public static DisposalAction? ActionOf(string? name) => Of(Enum.GetValues<DisposalAction>(), Name, name);

    /// <summary>100 days, a year, 6 months.</summary>
    public static string Length(RetentionPeriod period) => period.Unit switch
    {
        'D' => Amount.Count(period.Count, "day", "days"),
        'M' => Amount.Count(period.Count, "month", "months"),
        _ => Amount.Count(period.Count, "year", "years"),
    };

    /// <summary>After what a period begins.</summary>
    public static string After(RetentionTrigger trigger) => trigger switch
    {
        RetentionTrigger.Recorded => "after the meeting",
        RetentionTrigger.Uploaded => "after the upload",
        RetentionTrigger.LastViewed => "after somebody last watched it",
        RetentionTrigger.ConsentWithdrawn => "after somebody in it took consent back",
        _ => "after its last matter was closed",
    };

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static T? Of<T>(T[] values, Func<T, string> name, string? said)
        where T : struct
    {
        foreach (var value in values)
        {
            if (string.Equals(name(value), said, StringComparison.Ordinal))
                return value;
        }

        return null;
    }
}
