using System.Globalization;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>Sizes and lengths as people write them.</summary>
public static class Amount
{
    private static readonly string[] s_units = ["bytes", "kB", "MB", "GB", "TB"];

    public static string Bytes(long lengthInBytes, CultureInfo? culture = null)
    {
        var unit = 0;
        double value = lengthInBytes;
        while (value >= 999.5 && unit < s_units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var digits = unit == 0 || value >= 9.95 ? "0" : "0.0";
        return string.Create(culture ?? PublicTexts.English, $"{value.ToString(digits, culture ?? PublicTexts.English)} {s_units[unit]}");
    }

    /// <summary>48:12 or 1:24:33.</summary>
    public static string Clock(TimeSpan length) =>
        length.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)length.TotalHours}:{length.Minutes:00}:{length.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{length.Minutes}:{length.Seconds:00}");

    /// <summary>Never 100 before the end, never 0 after the start.</summary>
    public static int Percent(long done, long whole)
    {
        if (done <= 0 || whole <= 0)
        {
            return 0;
        }

        return done >= whole ? 100 : Math.Clamp((int)(100.0 * done / whole), 1, 99);
    }

    public static string Count(int number, string one, string many) => number == 1 ? $"1 {one}" : string.Create(PublicTexts.English, $"{number:N0} {many}");
}
