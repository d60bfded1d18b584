using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>What an answer to a challenge is good for: never for anything else.</summary>
internal enum ChallengePurpose
{
    SignIn,
    SignInAgain,
    Add,
    OperatorSignIn,
    OperatorAdd,
}

/// <summary>
/// A challenge between the question and its answer: sealed in a cookie, so that asking writes no row. It is good for five minutes, for one purpose, in
/// the session that it was asked in, and once: whoever answers first marks it as answered, whatever comes of it.
/// </summary>
internal sealed class PasskeyChallenges(IDataProtectionProvider protection, VaultDbContext db, TimeProvider time)
{
    public const string CookieName = "__Host-rv-passkey";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private const int LongestCookie = 4_096;

    private readonly IDataProtector protector = protection.CreateProtector("recordingvault.passkey-challenge.v1");

    /// <param name="state">What Identity wants back with the answer.</param>
    public void Ask(HttpContext http, ChallengePurpose purpose, string state)
    {
        var challenge = new Challenge(Guid.NewGuid(), purpose, SessionOf(http), time.Now() + Lifetime, state);
        http.Response.Cookies.Append(CookieName, protector.Protect(JsonSerializer.Serialize(challenge)), Cookie(Lifetime));
    }

    /// <summary>The state of the challenge that the browser brings; null where it brings none that is still open for this purpose and session.</summary>
    public async Task<string?> TakeAsync(HttpContext http, ChallengePurpose purpose, CancellationToken cancellationToken)
    {
        var brought = Open(http.Request.Cookies[CookieName]);
        http.Response.Cookies.Delete(CookieName, Cookie(null));
        return brought is not null && brought.Purpose == purpose && brought.SessionId == SessionOf(http) && time.Now() < brought.EndsAt && await MarkAsync(brought, cancellationToken)
            ? brought.State
            : null;
    }

    private static Guid? SessionOf(HttpContext http) => http.User.SessionId() ?? http.User.OperatorSessionId();

    /// <summary>False when it was answered before.</summary>
    private async Task<bool> MarkAsync(Challenge challenge, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.AnsweredChallenges.Where(old => old.EndsAt < now).ExecuteDeleteAsync(cancellationToken);
        var mark = new AnsweredChallenge { Id = challenge.Id, EndsAt = challenge.EndsAt };
        db.AnsweredChallenges.Add(mark);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException refused) when (refused.IsUniqueViolation())
        {
            return false;
        }
        finally
        {
            db.Entry(mark).State = EntityState.Detached;
        }
    }

    private Challenge? Open(string? text)
    {
        if (text is not { Length: > 0 and <= LongestCookie })
            return null;
        try
        {
            return JsonSerializer.Deserialize<Challenge>(protector.Unprotect(text));
        }
        catch (CryptographicException)
        {
            return null; // made up, or of another vault
        }
    }

    private static CookieOptions Cookie(TimeSpan? lifetime) =>
        new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true, MaxAge = lifetime };

    private sealed record Challenge(Guid Id, ChallengePurpose Purpose, Guid? SessionId, DateTimeOffset EndsAt, string State);
}
