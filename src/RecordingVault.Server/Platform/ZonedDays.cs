using System.Globalization;

namespace RecordingVault.Server.Platform;

/// <summary>Days as a reader means them: by the clocks of his zone, which may skip or repeat midnight.</summary>
internal static class ZonedDays
{
    private const int LongestName = 64;

    /// <param name="name">An IANA name; UTC where there is none.</param>
    public static bool TryZone(string? name, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        // The names of zones only: what looks like a path must not reach the files in which zones are kept.
        return string.IsNullOrEmpty(name)
            || (name.Length <= LongestName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!));
    }

    /// <param name="text">As 2026-11-24, of the years 1970 to 9000.</param>
    public static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is >= 1970 and <= 9000;

    /// <summary>The moment at which the day begins.</summary>
    public static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone) => At(day.ToDateTime(TimeOnly.MinValue), zone);

    /// <summary>The moment at which the zone's clocks show this. A time that they skip is reckoned by the offset before the leap; of one that they show twice it is the first.</summary>
    /// <param name="wall">Of a kind that is not specified.</param>
    public static DateTimeOffset At(DateTime wall, TimeZoneInfo zone)
    {
        var offset = zone.IsInvalidTime(wall) ? zone.GetUtcOffset(wall.AddHours(-3))
            : zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max()
            : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }
}
