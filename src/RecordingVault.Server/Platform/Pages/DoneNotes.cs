using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>
/// What a member's form has done, for the page that its answer leads to. It comes in a sealed cookie that is good once, for this member, this page and two minutes: a page that
/// took it from its address would say that links are stopped to whoever types so.
/// </summary>
internal sealed class DoneNotes(IDataProtectionProvider protection, TimeProvider time)
{
    public const string CookieName = "__Host-rv-done";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);
    private const int LongestCookie = 2_000;

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.done-note.v1");

    /// <summary>Leads to the page, which will say it.</summary>
    /// <param name="path">A page of ours, without a query.</param>
    /// <param name="done">A word or a number of the page's own; nothing about people.</param>
    public RedirectHttpResult LeadTo(HttpContext http, string path, string done)
    {
        var note = new DoneNote(http.User.MemberId(), http.User.TenantId(), path, done, time.Now() + Lifetime);
        http.Response.Cookies.Append(CookieName, protector.Protect(JsonSerializer.Serialize(note)), Options(Lifetime));
        return TypedResults.LocalRedirect(path);
    }

    /// <summary>What was done just now, where this page is the one to say so; null where nothing was. The note is used up by it.</summary>
    public string? Take(HttpContext http)
    {
        if (http.Request.Cookies[CookieName] is not { Length: > 0 and <= LongestCookie } text || Open(text) is not { } note || !http.Request.Path.Equals(note.Path, StringComparison.Ordinal))
            return null;
        http.Response.Cookies.Delete(CookieName, Options(null));
        return note.MemberId == http.User.MemberId() && note.TenantId == http.User.TenantId() && time.Now() < note.EndsAt ? note.Done : null;
    }

    private DoneNote? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<DoneNote>(protector.Unprotect(text));
        }
        catch (CryptographicException)
        {
            return null; // made up, or of another vault
        }
    }

    private static CookieOptions Options(TimeSpan? age) => new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true, MaxAge = age };

    private sealed record DoneNote(Guid MemberId, Guid? TenantId, string Path, string Done, DateTimeOffset EndsAt);
}
