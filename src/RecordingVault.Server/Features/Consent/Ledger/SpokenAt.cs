using System.Globalization;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>A place in a recording as a player shows it: 12:40 or 1:02:40.</summary>
internal static class SpokenAt
{
    /// <summary>Nothing is no place, and no error.</summary>
    public static bool TryRead(string text, out double? seconds)
    {
        seconds = null;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        var parts = text.Trim().Split(':');
        if (parts.Length is < 2 or > 3)
            return false;
        double sum = 0;
        foreach (var (place, part) in parts.Index())
        {
            if (part.Length is 0 or > 3 || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (place > 0 && number > 59))
                return false;
            sum = (sum * 60) + number;
        }

        seconds = sum;
        return true;
    }

    public static string Text(double seconds)
    {
        var at = TimeSpan.FromSeconds(Math.Floor(seconds));
        return at.TotalHours >= 1 ? string.Create(PublicTexts.English, $"{(int)at.TotalHours}:{at:mm\\:ss}") : string.Create(PublicTexts.English, $"{(int)at.TotalMinutes}:{at:ss}");
    }
}
