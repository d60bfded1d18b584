using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Members;

/// <summary>A sign-in whose password was right and whose code is still to come.</summary>
internal sealed record HalfSignIn(Guid MemberId, string Stamp, string ReturnTo, DateTimeOffset EndsAt);

/// <summary>
/// Between password and code nothing is open and no row is there: the browser keeps a sealed note for five minutes that says whose password was right. It is
/// bound to the security stamp, so a new password, or a change of a second factor meanwhile, makes it worthless; and every use of it costs a good code.
/// </summary>
internal sealed class HalfSignIns(IDataProtectionProvider protection, TimeProvider time)
{
    public const string CookieName = "__Host-rv-half";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private const int LongestCookie = 4_000;

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.half-sign-in.v1");

    public void Begin(HttpResponse response, ProvedMember member, string returnTo)
    {
        // A way back that is longer than a cookie may be is not worth losing the sign-in.
        var half = new HalfSignIn(member.Id, member.Stamp, returnTo.Length > 1_024 ? "/" : returnTo, time.Now() + Lifetime);
        response.Cookies.Append(CookieName, protector.Protect(JsonSerializer.Serialize(half)), Options(Lifetime));
    }

    /// <summary>Null without a note, or with one that is too old or not ours.</summary>
    public HalfSignIn? Find(HttpRequest request) =>
        request.Cookies[CookieName] is { Length: > 0 and <= LongestCookie } text && Open(text) is { } half && time.Now() < half.EndsAt ? half : null;

    public static void End(HttpResponse response) => response.Cookies.Delete(CookieName, Options(null));

    private static CookieOptions Options(TimeSpan? age) => new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true, MaxAge = age };

    private HalfSignIn? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<HalfSignIn>(protector.Unprotect(text));
        }
        catch (CryptographicException)
        {
            return null; // made up, or of another vault
        }
    }
}
