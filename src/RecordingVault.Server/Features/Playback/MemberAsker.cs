using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Playback;

/// <summary>A member with his session, or a script with a token of his. Both end with the membership; the weaker role of token and member counts.</summary>
internal sealed record MemberAsker(Actor Actor, Guid MemberId, Guid? SessionId, Guid? TokenId)
    : Asker(Actor, SessionId ?? TokenId ?? throw new ArgumentNullException(nameof(SessionId), "A member comes by a session or a token."))
{
    public static MemberAsker Of(HttpContext http) => new(http.Actor(), http.User.MemberId(), http.User.SessionId(), http.User.TokenId());

    public override async ValueTask<Standing> StandingAsync(VaultDbContext db, Guid recordingId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var role = await db.Memberships.AsNoTracking()
            .Where(membership => membership.MemberId == MemberId && membership.EndedAt == null)
            .Select(membership => (Role?)membership.Role)
            .SingleOrDefaultAsync(cancellationToken);
        if (role is not { } member)
            return Standing.Refused(Problem.Unauthorized);
        return TokenId is { } token
            ? await ByTokenAsync(db, token, member, now, cancellationToken)
            : await BySessionAsync(db, member, now, cancellationToken);
    }

    private async Task<Standing> BySessionAsync(VaultDbContext db, Role role, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tenant = db.TenantId;
        var session = await db.Sessions.AsNoTracking()
            .Where(session => session.Id == SessionId && session.MemberId == MemberId && session.TenantId == tenant)
            .Join(db.Users, session => session.MemberId, member => member.Id, (session, member) => new { Row = session, member.SecurityStamp })
            .SingleOrDefaultAsync(cancellationToken);
        return session is not null && session.Row.IsLive(session.SecurityStamp, now) ? Of(role, session.Row.SignedInAt + Features.Members.Session.Lifetime) : Standing.Refused(Problem.Unauthorized);
    }

    private async Task<Standing> ByTokenAsync(VaultDbContext db, Guid id, Role member, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(token => token.Id == id && token.MemberId == MemberId, cancellationToken);
        return token is { RevokedAt: null } && now < token.ExpiresAt ? Of(Weaker(member, token.Role), token.ExpiresAt) : Standing.Refused(Problem.Unauthorized);
    }

    private Standing Of(Role role, DateTimeOffset end) => role switch
    {
        Role.Owner or Role.Admin => Of(end) with { MayDownload = true, SeesRestricted = true },
        Role.Contributor => Of(end) with { MayDownload = true },
        Role.Viewer => Of(end),
        _ => Standing.Refused(Problem.Forbidden),
    };

    private Standing Of(DateTimeOffset end) => new() { MayView = true, MemberId = MemberId, End = new StandingEnd(end, Problem.Unauthorized) };

    // Roles stand strongest first; the Auditor, last, sees no content however he comes.
    private static Role Weaker(Role left, Role right) => left > right ? left : right;
}
