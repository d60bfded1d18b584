using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>The browser's half of a session: 32 random bytes in a cookie that only this host over https (or localhost) sends back.</summary>
internal static class SessionCookie
{
    public const string Name = "__Host-rv";

    /// <summary>The SHA-256 under which the session's row is found, or null without a well-formed cookie.</summary>
    public static byte[]? ReadHash(HttpRequest request) =>
        request.Cookies[Name] is { } text && SecretToken.Parse(text) is { } secret ? SecretToken.Hash(secret) : null;

    public static void Write(HttpResponse response, ReadOnlySpan<byte> secret) => response.Cookies.Append(Name, SecretToken.ToText(secret), Options());

    public static void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options());

    // Without an expiry: it ends with the browser, and the row ends it sooner.
    private static CookieOptions Options() => new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true };
}
