using System.Globalization;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>How a time is written. The client's clock.ts knows the same names.</summary>
public enum TimeForm
{
    /// <summary>Fri 4 Dec 2026, 18:00</summary>
    Moment,

    /// <summary>Friday, 4 December, 18:00: in promises and letters.</summary>
    Letter,

    /// <summary>Today, 13:40; Yesterday, 16:00; 20 Nov, 10:00.</summary>
    Near,

    /// <summary>The same inside a sentence: today, 13:40.</summary>
    Inside,

    /// <summary>4 Dec 2026</summary>
    Day,

    /// <summary>Tuesday, 24 November 2026</summary>
    LongDay,

    /// <summary>14:20</summary>
    Clock,
}

public static class UtcText
{
    /// <summary>What stands on the page until, or without, the reader's zone.</summary>
    public static string Of(DateTimeOffset value, TimeForm form, CultureInfo culture)
    {
        var german = culture.TwoLetterISOLanguageName is "de";
        var format = form switch
        {
            TimeForm.Moment => german ? "ddd d. MMM yyyy, HH:mm 'UTC'" : "ddd d MMM yyyy, HH:mm 'UTC'",
            TimeForm.Letter => german ? "dddd, d. MMMM, HH:mm 'UTC'" : "dddd, d MMMM, HH:mm 'UTC'",
            TimeForm.Near or TimeForm.Inside => german ? "d. MMM yyyy, HH:mm 'UTC'" : "d MMM yyyy, HH:mm 'UTC'",
            TimeForm.Day => german ? "d. MMM yyyy" : "d MMM yyyy",
            TimeForm.LongDay => german ? "dddd, d. MMMM yyyy" : "dddd, d MMMM yyyy",
            _ => "HH:mm 'UTC'",
        };
        return value.ToUniversalTime().ToString(format, culture);
    }
}
