using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// A browser in which an account once signed in keeps a sealed cookie that says so. It opens nothing: its tries at this one account are counted
/// apart, so that whoever guesses at the account from elsewhere can't keep its owner out.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection, TimeProvider time)
{
    public const string CookieName = "__Host-rv-browser";
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.known-browser.v1");

    /// <summary>The browser's id, if it is known for this account.</summary>
    public Guid? Find(HttpRequest request, string lookupDigest) =>
        request.Cookies[CookieName] is { Length: > 0 and < 1_024 } text
        && Open(text)?.Split(' ') is [var id, var since, var digest]
        && string.Equals(digest, lookupDigest, StringComparison.Ordinal)
        && time.Now() < DateTimeOffset.FromUnixTimeSeconds(long.Parse(since, CultureInfo.InvariantCulture)) + Lifetime
            ? Guid.Parse(id)
            : null;

    /// <summary>Remembers the browser after a sign-in, under the id that it has or a new one.</summary>
    public void Remember(HttpContext http, string lookupDigest)
    {
        var id = Find(http.Request, lookupDigest) ?? Guid.NewGuid();
        var text = string.Create(CultureInfo.InvariantCulture, $"{id:N} {time.Now().ToUnixTimeSeconds()} {lookupDigest}");
        http.Response.Cookies.Append(CookieName, protector.Protect(text), new CookieOptions
        {
            Path = "/",
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
            MaxAge = Lifetime,
        });
    }

    private string? Open(string text)
    {
        try
        {
            return protector.Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null; // made up, or of another vault
        }
    }
}
