using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Consent.Wording;

/// <summary>The words that somebody is shown, or was.</summary>
/// <param name="Version">As records and receipts name it.</param>
/// <param name="Words">With their places still open; null where they are the vault's own.</param>
internal sealed record ShownText(string Version, string Language, OwnWords? Words)
{
    /// <summary>How its days are written.</summary>
    public CultureInfo Culture
    {
        get
        {
            try
            {
                return Words is null && Language == "de" ? PublicTexts.German : Language == "en" ? PublicTexts.English : CultureInfo.GetCultureInfo(Language);
            }
            catch (CultureNotFoundException)
            {
                return PublicTexts.English;
            }
        }
    }
}

/// <summary>The vault's own words. They stand in the resources; whoever changes one there raises the version, because records name it.</summary>
internal static class VaultWords
{
    public const string Version = "vault-1";

    public static readonly IReadOnlyList<string> Languages = ["en", "de"];

    /// <summary>With the places open, as an organisation would write them.</summary>
    public static OwnWords In(string language)
    {
        var texts = new PublicTexts(language == "de" ? PublicTexts.German : PublicTexts.English);
        return new OwnWords(
            texts["Consent.Heading", "{person}", "{date}", "{organisation}"], texts["Consent.Asks", "{organisation}"],
            ConsentWords.Recorded.ToDictionary(purpose => purpose.Name(), purpose => texts[$"Consent.Use.{purpose.Name()}.Hint", "{organisation}"], StringComparer.Ordinal));
    }
}

/// <summary>Which words an organisation asks with.</summary>
internal sealed class ConsentTexts(VaultDbContext db, TenantKeys keys)
{
    private const string Own = "own-";

    public static string VersionOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Own}{number}");

    public static int? NumberOf(string? version) =>
        version is not null && version.StartsWith(Own, StringComparison.Ordinal) && int.TryParse(version.AsSpan(Own.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && VersionOf(number) == version ? number : null;

    /// <summary>The newest words in the language that the browser wishes most of those in which there are any: the organisation's before the vault's of the same language.</summary>
    public async Task<ShownText> ChooseAsync(StringValues acceptLanguage, CancellationToken cancellationToken)
    {
        var newest = await NewestAsync(cancellationToken);
        if (!StringWithQualityHeaderValue.TryParseList(acceptLanguage, out var wishes))
            wishes = [];
        foreach (var wish in wishes.Where(wish => wish.Quality is not 0).OrderByDescending(wish => wish.Quality ?? 1).Select(wish => wish.Value.Value ?? ""))
        {
            if (Find(newest, wish) is { } own)
                return await OpenAsync(own, cancellationToken);
            if (VaultWords.Languages.FirstOrDefault(language => IsSame(language, wish)) is { } known)
                return new ShownText(VaultWords.Version, known, null);
        }

        return Find(newest, "en") is { } english ? await OpenAsync(english, cancellationToken) : new ShownText(VaultWords.Version, "en", null);
    }

    /// <summary>The newest version of each language, those too that lead back to the vault's words.</summary>
    public Task<List<ConsentText>> NewestAsync(CancellationToken cancellationToken) =>
        db.ConsentTexts.AsNoTracking().Where(text => !db.ConsentTexts.Any(later => later.Language == text.Language && later.Number > text.Number)).OrderBy(text => text.Language).ToListAsync(cancellationToken);

    /// <summary>Null where there is no such version.</summary>
    /// <param name="language">Of the vault's own, which have several.</param>
    public async Task<ShownText?> FindAsync(string? version, string? language, CancellationToken cancellationToken)
    {
        if (version == VaultWords.Version)
            return VaultWords.Languages.Contains(language ?? "en", StringComparer.Ordinal) ? new ShownText(version, language ?? "en", null) : null;
        return NumberOf(version) is { } number && await db.ConsentTexts.AsNoTracking().SingleOrDefaultAsync(text => text.Number == number, cancellationToken) is { Words: not null } row
            ? await OpenAsync(row, cancellationToken)
            : null;
    }

    public async Task<ShownText> OpenAsync(ConsentText row, CancellationToken cancellationToken)
    {
        using var key = await keys.DataKeyAsync(cancellationToken);
        return new ShownText(VersionOf(row.Number), row.Language, row.Words is { } words ? JsonSerializer.Deserialize<OwnWords>(words.Open(key, row.TenantId, row.Id, ConsentText.WordsColumn)) : null);
    }

    /// <summary>As it is kept: de, de-AT, zh-Hant-TW. Null where it is no language tag.</summary>
    public static string? Tongue(string? text)
    {
        if (text?.Trim() is not { Length: > 0 } tag || !NewConsent.IsTongue(tag))
            return null;
        return string.Join('-', tag.Split('-').Select((part, place) => place == 0 ? part.ToLowerInvariant() : part.Length switch
        {
            2 => part.ToUpperInvariant(),
            4 => char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant(),
            _ => part.ToLowerInvariant(),
        }));
    }

    private static ConsentText? Find(List<ConsentText> newest, string wish) =>
        newest.Find(text => text.Words is not null && text.Language.Equals(wish, StringComparison.OrdinalIgnoreCase)) ?? newest.Find(text => text.Words is not null && IsSame(text.Language, wish));

    private static bool IsSame(string language, string wish) => language.Split('-')[0].Equals(wish.Split('-')[0], StringComparison.OrdinalIgnoreCase);
}
