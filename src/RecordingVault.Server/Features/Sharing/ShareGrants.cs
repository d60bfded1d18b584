using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>One opening of a link: whoever holds it has proved the secret and, where there is one, the passcode.</summary>
internal sealed record ShareGrant(Guid TenantId, Guid ShareId, Guid GrantId, int Generation, DateTimeOffset IssuedAt);

/// <summary>
/// Keeps a grant in the link's own cookie. It is a scheme of its own: no member route looks at it, and these routes look at nothing else.
/// The cookie's path is convenience; the link's id inside it decides (security.md 9).
/// </summary>
internal sealed class ShareGrants(IDataProtectionProvider protection, IOptions<VaultOptions> options, TimeProvider time)
{
    public const string CookieName = "__Secure-rvs";

    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);
    private const int Length = (3 * 16) + sizeof(int) + sizeof(long);
    private const int LongestCookie = 512;
    private static readonly TimeSpan LongestNotice = TimeSpan.FromMinutes(2);

    /// <summary>Sliding: whoever goes on watching goes on.</summary>
    public TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(options.Value.Links.IdleMinutes);

    /// <summary>So long before its end the page says so.</summary>
    public TimeSpan Notice => Lifetime / 2 < LongestNotice ? Lifetime / 2 : LongestNotice;

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.v1.share-grant");

    /// <summary>The grant for this link that came with the request; null when there is none, it is for another link, or it is too old.</summary>
    public ShareGrant? Read(HttpContext http, Guid shareId)
    {
        if (http.Request.Cookies[CookieName] is not { Length: > 0 and <= LongestCookie } cookie || Parse(cookie) is not { } grant || grant.ShareId != shareId)
            return null;
        var age = time.GetUtcNow() - grant.IssuedAt;
        return age < -ClockDifference || age >= Lifetime ? null : grant;
    }

    /// <summary>Gives a cookie that is some minutes old its whole life again. Only for a link that is still good.</summary>
    /// <returns>The grant as the browser holds it from here on.</returns>
    public ShareGrant Renew(HttpContext http, ShareGrant grant) => time.GetUtcNow() - grant.IssuedAt >= Lifetime / 6 ? Write(http, grant) : grant;

    public ShareGrant Write(HttpContext http, ShareGrant grant)
    {
        var now = time.GetUtcNow();
        Span<byte> bytes = stackalloc byte[Length];
        grant.TenantId.TryWriteBytes(bytes, bigEndian: true, out _);
        grant.ShareId.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        grant.GrantId.TryWriteBytes(bytes[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[48..], grant.Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[52..], now.ToUnixTimeMilliseconds());
        http.Response.Cookies.Append(CookieName, Base64Url.EncodeToString(protector.Protect(bytes.ToArray())), Options(grant.ShareId, Lifetime));
        return grant with { IssuedAt = now };
    }

    public static void Drop(HttpContext http, Guid shareId) => http.Response.Cookies.Append(CookieName, "", Options(shareId, TimeSpan.Zero));

    private static CookieOptions Options(Guid shareId, TimeSpan lifetime) =>
        new() { Path = $"/s/{shareId}", HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, MaxAge = lifetime, IsEssential = true };

    private ShareGrant? Parse(string cookie)
    {
        if (!Base64Url.IsValid(cookie))
            return null;
        try
        {
            var bytes = protector.Unprotect(Base64Url.DecodeFromChars(cookie)).AsSpan();
            return bytes.Length != Length ? null : new ShareGrant(
                new Guid(bytes[..16], bigEndian: true),
                new Guid(bytes[16..32], bigEndian: true),
                new Guid(bytes[32..48], bigEndian: true),
                BinaryPrimitives.ReadInt32BigEndian(bytes[48..]),
                DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes[52..])));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
