using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Joining;

/// <summary>
/// Keeps an opened link in the browser while its owner makes an account or signs in: sealed, for half an hour, out of reach of scripts and of other
/// sites. It is the link and no more: whoever made that anew or withdrew it has made this worthless too.
/// </summary>
internal sealed class JoinTickets(IDataProtectionProvider protection, TimeProvider time)
{
    public const string CookieName = "__Host-rv-join";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.join.v1");

    public InvitationLink? Read(HttpRequest request) =>
        request.Cookies[CookieName] is { Length: > 0 and < 1_024 } text
        && Open(text)?.Split(' ') is [var since, var link]
        && time.Now() < DateTimeOffset.FromUnixTimeSeconds(long.Parse(since, CultureInfo.InvariantCulture)) + Lifetime
            ? InvitationLink.Parse(link)
            : null;

    public void Write(HttpResponse response, InvitationLink link) => response.Cookies.Append(
        CookieName, protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{time.Now().ToUnixTimeSeconds()} {link.Show()}")), Options(Lifetime));

    public static void Delete(HttpResponse response) => response.Cookies.Delete(CookieName, Options(null));

    private static CookieOptions Options(TimeSpan? age) => new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true, MaxAge = age };

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
