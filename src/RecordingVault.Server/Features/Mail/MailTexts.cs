using System.Globalization;
using System.Resources;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Mail;

/// <summary>The words of letters, in the reader's language.</summary>
internal sealed class MailTexts(CultureInfo culture)
{
    private static readonly ResourceManager Texts = new(typeof(MailTexts));

    public CultureInfo Culture => culture;

    /// <summary>Throws for a name that has no text: a letter with a hole must not go out.</summary>
    public string this[string name] => Texts.GetString(name, culture) ?? throw new InvalidOperationException($"There is no text '{name}' for letters.");

    public string this[string name, params object[] parts] => string.Format(culture, this[name], parts);

    /// <summary>As both languages write it: "26 November 2026, 15:43".</summary>
    public string Time(DateTimeOffset at) => at.UtcDateTime.ToString(culture.TwoLetterISOLanguageName == "de" ? "d. MMMM yyyy, HH:mm" : "d MMMM yyyy, HH:mm", culture);

    /// <summary>The day alone: "6 December".</summary>
    public string Day(DateTimeOffset at) => at.UtcDateTime.ToString(culture.TwoLetterISOLanguageName == "de" ? "d. MMMM" : "d MMMM", culture);

    public static CultureInfo Language(string? name) => name is "de" ? PublicTexts.German : PublicTexts.English;
}
