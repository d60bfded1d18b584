using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>The words of pages that people without an account see, in the language that their browser asks for.</summary>
public sealed class PublicTexts(CultureInfo culture)
{
    /// <summary>British dates: "4 December", "18:00".</summary>
    public static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    public static readonly CultureInfo German = CultureInfo.GetCultureInfo("de-DE");

    private static readonly ResourceManager s_texts = new(typeof(PublicTexts));

    /// <summary>Throws for a name that has no text: a page with a hole must not go out.</summary>
    public string this[string name] =>
        s_texts.GetString(name, culture) ?? throw new InvalidOperationException($"There is no public text '{name}'.");

    public string this[string name, params object[] parts] => string.Format(culture, this[name], parts);

    /// <summary>English unless the browser prefers German.</summary>
    public static CultureInfo Choose(StringValues acceptLanguage)
    {
        if (!StringWithQualityHeaderValue.TryParseList(acceptLanguage, out var wishes))
        {
            return English;
        }

        var known = wishes
            .OrderByDescending(wish => wish.Quality ?? 1)
            .Select(wish => wish.Value.Value?.Split('-')[0].ToUpperInvariant())
            .FirstOrDefault(language => language is "EN" or "DE");
        return known is "DE" ? German : English;
    }
}
