using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators;

/// <summary>The operator's cookie. It goes to every port of its host, as cookies do; nothing but the operator's listener looks at it.</summary>
internal static class OperatorCookie
{
    public const string Name = "__Host-rvo";

    public static byte[]? ReadHash(HttpRequest request) =>
        request.Cookies[Name] is { } text && SecretToken.Parse(text) is { } secret ? SecretToken.Hash(secret) : null;

    public static void Write(HttpResponse response, ReadOnlySpan<byte> secret) => response.Cookies.Append(Name, SecretToken.ToText(secret), Options());

    public static void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options());

    private static CookieOptions Options() => new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true };
}

/// <summary>Who asks on the operator's listener: an operator with a session, or nobody. A member's cookie or token is not looked at there, nor an operator's elsewhere.</summary>
internal sealed class OperatorHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "operator";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Context.IsByManagement() || Request.Headers.ContainsKey("Authorization") || OperatorCookie.ReadHash(Request) is not { } hash)
            return AuthenticateResult.NoResult();
        var user = await Context.RequestServices.GetRequiredService<OperatorSessions>().ReadAsync(hash, Context.RequestAborted);
        return user is null ? AuthenticateResult.NoResult() : AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name));
    }
}

/// <summary>Begins, reads and ends operators' sessions. Each request reads the rows: what was ended is over with the next one.</summary>
internal sealed class OperatorSessions(VaultDbContext db, VaultKeyring keyring, TimeProvider time)
{
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    public async Task<ClaimsPrincipal?> ReadAsync(byte[] secretHash, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var found = await db.OperatorSessions.AsNoTracking().Where(session => session.SecretHash == secretHash)
            .Join(db.Operators, session => session.OperatorId, row => row.Id, (session, row) => new { Session = session, row.Name, row.Stamp, row.MustChangePassword })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null || !found.Session.IsLive(found.Stamp, now))
            return null;

        var before = now - SeenStep;
        if (found.Session.LastSeenAt <= before)
        {
            await db.OperatorSessions.Where(row => row.Id == found.Session.Id && row.EndedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenAt, now), cancellationToken);
        }

        var id = found.Session.OperatorId;
        var claims = new List<Claim>
        {
            new(VaultClaims.Operator, id.ToString()),
            new(VaultClaims.OperatorSession, found.Session.Id.ToString()),
            new(VaultClaims.SignIn, found.Session.SignedInAt.ToString("O", CultureInfo.InvariantCulture)),
            new(VaultClaims.Name, found.Name.Open(keyring.Vault, Guid.Empty, id, Operator.NameColumn)),
        };
        if (found.MustChangePassword)
            claims.Add(new Claim(OperatorPasswordGate.MustChange, "true"));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, OperatorHandler.SchemeName, VaultClaims.Name, VaultClaims.Role));
    }

    /// <summary>He has shown who he is: ends the session that the browser brought, and begins one under a new secret.</summary>
    public async Task BeginAsync(HttpContext http, Guid operatorId, string stamp, CancellationToken cancellationToken)
    {
        if (OperatorCookie.ReadHash(http.Request) is { } brought)
            await EndAsync(db.OperatorSessions.Where(row => row.SecretHash == brought), cancellationToken);
        await AddAsync(http, operatorId, stamp, time.Now(), cancellationToken);
    }

    /// <summary>
    /// All his sessions end, and the browser goes on under a new secret and stamp. It has shown less than a sign-in asks for: it counts as signed in no later, and lives no longer,
    /// than it did.
    /// </summary>
    /// <returns>False when the browser's session has ended meanwhile; then nothing was done.</returns>
    public async Task<bool> GoOnAsync(HttpContext http, Guid operatorId, string stamp, CancellationToken cancellationToken)
    {
        var sessionId = http.User.OperatorSessionId();
        var signedInAt = await db.OperatorSessions.Where(row => row.Id == sessionId && row.OperatorId == operatorId && row.EndedAt == null).Select(row => (DateTimeOffset?)row.SignedInAt).SingleOrDefaultAsync(cancellationToken);
        if (signedInAt is not { } began)
            return false;
        await EndAllAsync(operatorId, cancellationToken);
        await AddAsync(http, operatorId, stamp, began, cancellationToken);
        return true;
    }

    private async Task AddAsync(HttpContext http, Guid operatorId, string stamp, DateTimeOffset signedInAt, CancellationToken cancellationToken)
    {
        var secret = SecretToken.New();
        var now = time.Now();
        db.OperatorSessions.Add(new OperatorSession
        {
            Id = Guid.CreateVersion7(),
            SecretHash = SecretToken.Hash(secret),
            OperatorId = operatorId,
            Stamp = stamp,
            SignedInAt = signedInAt,
            LastSeenAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        OperatorCookie.Write(http.Response, secret);
    }

    public Task EndAsync(Guid sessionId, CancellationToken cancellationToken) => EndAsync(db.OperatorSessions.Where(row => row.Id == sessionId), cancellationToken);

    public Task EndAllAsync(Guid operatorId, CancellationToken cancellationToken) => EndAsync(db.OperatorSessions.Where(row => row.OperatorId == operatorId), cancellationToken);

    private async Task EndAsync(IQueryable<OperatorSession> sessions, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await sessions.Where(row => row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken);
    }
}
