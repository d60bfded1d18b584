using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// A browser in which an account once signed in keeps a sealed cookie that says so. It opens nothing: its tries at this one account are counted
/// apart, so that whoever guesses at the account from elsewhere can't keep its owner out. It is good for the account as it stood: whoever knew a password could
/// else gather such cookies by the hundred, and guess with each at the second factor that came later.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection, TimeProvider time)
{
    public const string CookieName = "__Host-rv-browser";
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.known-browser.v2");

    /// <summary>The browser's id, if it is known for this account.</summary>
    /// <param name="stamp">The account's; null where there is no such account.</param>
    public Guid? Find(HttpRequest request, string lookupDigest, string? stamp) =>
        request.Cookies[CookieName] is { Length: > 0 and < 1_024 } text
        && Open(text)?.Split(' ') is [var id, var since, var digest, var under]
        && string.Equals(digest, lookupDigest, StringComparison.Ordinal)
        && string.Equals(under, stamp, StringComparison.Ordinal)
        && time.Now() < DateTimeOffset.FromUnixTimeSeconds(long.Parse(since, CultureInfo.InvariantCulture)) + Lifetime
            ? Guid.Parse(id)
            : null;

    /// <summary>Remembers the browser after a sign-in, under the id that it has or a new one.</summary>
    public void Remember(HttpContext http, string lookupDigest, string stamp)
    {
        var id = Find(http.Request, lookupDigest, stamp) ?? Guid.NewGuid();
        var text = string.Create(CultureInfo.InvariantCulture, $"{id:N} {time.Now().ToUnixTimeSeconds()} {lookupDigest} {stamp}");
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
