using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Members;

/// <summary>Reads the session of a request from its rows: what was revoked is over with the next request (security.md 9).</summary>
internal sealed class SessionReading(VaultDbContext db, TenantContext tenant, CheckedSecrets known, RevocationCounters counters, VaultKeyring keyring, TimeProvider time)
{
    /// <summary>A page that fetches a part of itself by the clock says so: nobody may sit before it, and it keeps no session alive.</summary>
    public const string UnattendedHeader = "Vault-Unattended";

    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    /// <summary>The asker, in the session's tenant, which the request enters; null when the session is over or he no longer belongs to the tenant.</summary>
    /// <param name="isAttended">Whether the request counts as use of the session.</param>
    public async Task<ClaimsPrincipal?> ReadAsync(byte[] secretHash, bool isAttended, CancellationToken cancellationToken)
    {
        var found = await db.Sessions.AsNoTracking().Where(session => session.SecretHash == secretHash)
            .Join(db.Users, session => session.MemberId, member => member.Id, (session, member) => new
            {
                Session = session,
                member.DisplayName,
                member.MustChangePassword,
                member.SecurityStamp,
                HasSecond = member.TotpSeed != null || db.Set<IdentityUserPasskey<Guid>>().Any(passkey => passkey.UserId == member.Id),
            })
            .SingleOrDefaultAsync(cancellationToken);
        var now = time.Now();
        if (found is null || !found.Session.IsLive(found.SecurityStamp, now))
            return null;

        var session = found.Session;
        tenant.Enter(session.TenantId);
        // One statement: that the session still runs, and the counter under which it does. The row above was read before the tenant was known.
        var at = time.GetTimestamp();
        var standing = await db.Memberships.Where(membership => membership.MemberId == session.MemberId && membership.EndedAt == null && db.Sessions.Any(row => row.Id == session.Id && row.EndedAt == null))
            .Select(membership => new { membership.Role, Revocations = db.Tenants.Select(row => row.Revocations).FirstOrDefault(), NeedsTwoFactors = db.Tenants.Any(row => row.RequiresTwoFactors) })
            .SingleOrDefaultAsync(cancellationToken);
        if (standing is null)
            return null;
        counters.Note(session.TenantId, standing.Revocations, at);

        if (isAttended)
            await TouchAsync(session, now, cancellationToken);
        var name = found.DisplayName.Open(keyring.Vault, Guid.Empty, session.MemberId, Member.NameColumn);
        var claims = new List<Claim>
        {
            new(VaultClaims.Session, session.Id.ToString()),
            new(VaultClaims.SignIn, session.SignedInAt.ToString("O", CultureInfo.InvariantCulture)),
        };
        // A second factor that was shown and then taken away is none any more, whichever session goes on from there.
        if (session.HasTwoFactors && found.HasSecond)
            claims.Add(new Claim(VaultClaims.TwoFactors, "true"));
        else
        {
            if (standing.NeedsTwoFactors)
                claims.Add(new Claim(VaultClaims.TooFewFactors, "true"));
            if (found.HasSecond)
                claims.Add(new Claim(VaultClaims.SecondNotShown, "true"));
        }

        if (found.MustChangePassword)
            claims.Add(new Claim(VaultClaims.MustChange, "true"));
        var user = new MemberIdentity(session.MemberId, name, session.TenantId, standing.Role).ToPrincipal(VaultSchemes.Session, claims);
        known.Keep(secretHash, new CheckedSecret(user, session.TenantId, standing.Revocations, session.EndsAt));
        return user;
    }

    private async Task TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - SeenStep;
        if (session.LastSeenAt > before)
            return;
        await db.Sessions.Where(row => row.Id == session.Id && row.LastSeenAt <= before && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenAt, now), cancellationToken);
    }
}
