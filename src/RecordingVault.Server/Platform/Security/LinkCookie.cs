using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace RecordingVault.Server.Platform.Security;

/// <summary>One opening of a stranger's link: whoever holds it has proved the secret and whatever else the link asks for.</summary>
/// <param name="Generation">Of the link when it was opened; a link that was made anew since is another one.</param>
internal sealed record LinkGrant(Guid TenantId, Guid LinkId, Guid GrantId, int Generation, DateTimeOffset IssuedAt);

/// <summary>
/// Keeps a grant in the link's own cookie. It is a scheme of its own: no member route looks at it, and the routes of links look at nothing else.
/// The cookie's path is convenience; the link's id inside it decides (security.md 9).
/// </summary>
/// <param name="path">Under which the links of this kind stand, as in <c>/s</c>.</param>
internal sealed class LinkCookie(string name, string path, TimeSpan lifetime, IDataProtector protector, TimeProvider time)
{
    private static readonly TimeSpan s_clockDifference = TimeSpan.FromMinutes(1);
    private const int Length = (3 * 16) + sizeof(int) + sizeof(long);
    private const int LongestCookie = 512;

    /// <summary>Sliding: whoever goes on goes on.</summary>
    public TimeSpan Lifetime => lifetime;

    /// <summary>The grant for this link that came with the request; null when there is none, it is for another link, or it is too old.</summary>
    public LinkGrant? Read(HttpContext http, Guid linkId)
    {
        if (http.Request.Cookies[name] is not { Length: > 0 and <= LongestCookie } cookie || Parse(cookie) is not { } grant || grant.LinkId != linkId)
            return null;
        var age = time.GetUtcNow() - grant.IssuedAt;
        return age < -s_clockDifference || age >= lifetime ? null : grant;
    }

    /// <summary>Gives a cookie that is some minutes old its whole life again. Only for a link that is still good.</summary>
    /// <returns>The grant as the browser holds it from here on.</returns>
    public LinkGrant Renew(HttpContext http, LinkGrant grant) => time.GetUtcNow() - grant.IssuedAt >= lifetime / 6 ? Write(http, grant) : grant;

    public LinkGrant Write(HttpContext http, LinkGrant grant)
    {
        var now = time.GetUtcNow();
        Span<byte> bytes = stackalloc byte[Length];
        grant.TenantId.TryWriteBytes(bytes, bigEndian: true, out _);
        grant.LinkId.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        grant.GrantId.TryWriteBytes(bytes[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[48..], grant.Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[52..], now.ToUnixTimeMilliseconds());
        http.Response.Cookies.Append(name, Base64Url.EncodeToString(protector.Protect(bytes.ToArray())), Options(grant.LinkId, lifetime));
        return grant with { IssuedAt = now };
    }

    public void Drop(HttpContext http, Guid linkId) => http.Response.Cookies.Append(name, "", Options(linkId, TimeSpan.Zero));

    private CookieOptions Options(Guid linkId, TimeSpan life) =>
        new() { Path = $"{path}/{linkId}", HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, MaxAge = life, IsEssential = true };

    private LinkGrant? Parse(string cookie)
    {
        if (!Base64Url.IsValid(cookie))
            return null;
        try
        {
            var bytes = protector.Unprotect(Base64Url.DecodeFromChars(cookie)).AsSpan();
            return bytes.Length != Length ? null : new LinkGrant(
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
