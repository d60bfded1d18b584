using System.Globalization;

namespace RecordingVault.Server.Features.Uploads.Plans;

/// <summary>Times in names of files and folders.</summary>
internal static class WallClock
{
    /// <summary>Reads digits as year, month, day, hour, minute and second of a place's clock; null for what is no time there.</summary>
    public static DateTimeOffset? Read(string digits, TimeZoneInfo zone)
    {
        if (!DateTime.TryParseExact(digits, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) || time.Year is < 1980 or > 2200 || zone.IsInvalidTime(time))
            return null;
        return new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime();
    }
}
