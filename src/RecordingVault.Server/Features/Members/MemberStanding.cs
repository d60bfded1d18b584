using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>What a member came in by: a session of his, or a token.</summary>
internal sealed record MemberPass(Guid MemberId, Guid? SessionId, Guid? TokenId)
{
    public static MemberPass Of(HttpContext http) => new(http.User.MemberId(), http.User.SessionId(), http.User.TokenId());
}

/// <summary>
/// What the rows say of a member now, for requests that run on after they were let in. A session or token ends with the membership, and a token
/// reaches as far as its own role and the member's both allow.
/// </summary>
/// <param name="End">When it is over by the clock, whatever else happens.</param>
/// <param name="Purposes">What content may leave for; null where there is no such list, as for sessions.</param>
internal sealed record MemberStanding(Role Role, DateTimeOffset End, IReadOnlyList<string>? Purposes = null)
{
    /// <summary>Null when session, token or membership is over, or the tenant has begun to ask for two factors where one was shown.</summary>
    public static async Task<MemberStanding?> ReadAsync(VaultDbContext db, MemberPass pass, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var role = await db.Memberships.AsNoTracking()
            .Where(membership => membership.MemberId == pass.MemberId && membership.EndedAt == null)
            .Select(membership => (Role?)membership.Role)
            .SingleOrDefaultAsync(cancellationToken);
        if (role is not { } member)
            return null;
        return pass.TokenId is { } token
            ? await ByTokenAsync(db, token, pass, member, now, cancellationToken)
            : await BySessionAsync(db, pass, member, now, cancellationToken);
    }

    private static async Task<MemberStanding?> BySessionAsync(VaultDbContext db, MemberPass pass, Role role, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tenant = db.TenantId;
        var session = await db.Sessions.AsNoTracking()
            .Where(session => session.Id == pass.SessionId && session.MemberId == pass.MemberId && session.TenantId == tenant)
            .Join(db.Users, session => session.MemberId, member => member.Id, (session, member) => new
            {
                Row = session,
                member.SecurityStamp,
                HasSecond = member.TotpSeed != null || db.Set<IdentityUserPasskey<Guid>>().Any(passkey => passkey.UserId == member.Id),
                NeedsTwoFactors = db.Tenants.Any(row => row.RequiresTwoFactors),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return session is not null && session.Row.IsLive(session.SecurityStamp, now) && ((session.Row.HasTwoFactors && session.HasSecond) || !session.NeedsTwoFactors) ? new MemberStanding(role, session.Row.SignedInAt + Session.Lifetime) : null;
    }

    private static async Task<MemberStanding?> ByTokenAsync(VaultDbContext db, Guid id, MemberPass pass, Role member, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = await db.ApiTokens.AsNoTracking().SingleOrDefaultAsync(token => token.Id == id && token.MemberId == pass.MemberId, cancellationToken);
        var hasTooFewFactors = await db.Users.AnyAsync(
            member => member.Id == pass.MemberId && member.TotpSeed == null && !db.Set<IdentityUserPasskey<Guid>>().Any(passkey => passkey.UserId == member.Id) && db.Tenants.Any(row => row.RequiresTwoFactors),
            cancellationToken);
        return token is not null && !hasTooFewFactors && token.IsLive(now) && RoleReach.Shared(member, token.Role) is { } role ? new MemberStanding(role, token.ExpiresAt, TokenPurposes.OfRow(token.Purposes)) : null;
    }
}
