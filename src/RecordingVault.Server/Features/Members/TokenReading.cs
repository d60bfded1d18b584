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

/// <summary>Reads an API token from its rows. A token reaches as far as its own role and its member's present one both allow, and dies with the membership.</summary>
internal sealed class TokenReading(
    VaultDbContext db, TenantContext tenant, SystemScope system, CheckedSecrets known, RevocationCounters counters, VaultKeyring keyring, TimeProvider time)
{
    private static readonly TimeSpan UsedStep = TimeSpan.FromMinutes(1);

    /// <summary>The asker, in the token's tenant, which the request enters; null when the token is not good.</summary>
    public async Task<ClaimsPrincipal?> ReadAsync(TokenText text, byte[] hash, CancellationToken cancellationToken)
    {
        if (await system.FindTenantAsync(SystemReason.Locate, LocatorKind.ApiToken, text.Id, cancellationToken) is not { } tenantId)
            return null;
        tenant.Enter(tenantId);

        var at = time.GetTimestamp();
        var found = await db.ApiTokens.AsNoTracking().Where(token => token.Id == text.Id)
            .Join(db.Memberships.Where(membership => membership.EndedAt == null), token => token.MemberId, membership => membership.MemberId, (token, membership) => new { Token = token, membership.Role })
            .Join(db.Users, found => found.Token.MemberId, member => member.Id, (found, member) => new
            {
                found.Token,
                found.Role,
                member.DisplayName,
                HasTooFewFactors = member.TotpSeed == null && !db.Set<IdentityUserPasskey<Guid>>().Any(passkey => passkey.UserId == member.Id) && db.Tenants.Any(row => row.RequiresTwoFactors),
                Revocations = db.Tenants.Select(row => row.Revocations).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        var now = time.Now();
        if (found is null || !SecretToken.Matches(found.Token.SecretHash, hash) || !found.Token.IsLive(now))
            return null;
        if (RoleReach.Shared(found.Token.Role, found.Role) is not { } role)
            return null;

        counters.Note(tenantId, found.Revocations, at);
        await TouchAsync(found.Token, now, cancellationToken);
        var name = found.DisplayName.Open(keyring.Vault, Guid.Empty, found.Token.MemberId, Member.NameColumn);
        List<Claim> claims = [new(VaultClaims.Token, text.Id.ToString())];
        if (found.HasTooFewFactors)
            claims.Add(new Claim(VaultClaims.TooFewFactors, "true"));
        var user = new MemberIdentity(found.Token.MemberId, name, tenantId, role).ToPrincipal(VaultSchemes.Token, claims);
        known.Keep(hash, new CheckedSecret(user, tenantId, found.Revocations, found.Token.ExpiresAt));
        return user;
    }

    private async Task TouchAsync(ApiToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - UsedStep;
        if (token.LastUsedAt > before)
            return;
        await db.ApiTokens.Where(row => row.Id == token.Id && (row.LastUsedAt == null || row.LastUsedAt <= before))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), cancellationToken);
    }
}
