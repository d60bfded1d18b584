using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Factors;

/// <summary>By what a member can show who he is beside his password.</summary>
/// <param name="RecoveryCodes">How many are left.</param>
internal sealed record FactorStanding(bool HasAuthenticator, int Passkeys, int RecoveryCodes)
{
    public bool HasSecond => HasAuthenticator || Passkeys > 0;

    /// <summary>Whether one of them can go and another one is left.</summary>
    public bool HasSpare => Passkeys + (HasAuthenticator ? 1 : 0) > 1;
}

internal sealed class MemberFactors(VaultDbContext db, MemberTenants tenants, SystemScope system)
{
    public async Task<FactorStanding> ReadAsync(Guid memberId, CancellationToken cancellationToken) => new(
        await db.Users.AnyAsync(member => member.Id == memberId && member.TotpSeed != null, cancellationToken),
        await db.Set<IdentityUserPasskey<Guid>>().CountAsync(passkey => passkey.UserId == memberId, cancellationToken),
        await db.RecoveryCodes.CountAsync(code => code.MemberId == memberId && code.UsedAt == null, cancellationToken));

    /// <summary>
    /// Null when one of his factors may go: another one is left, or none of his tenants asks for two. Asked inside the transaction that takes it away, after
    /// the account's row was read: of two removals at once the later one is refused by the row's stamp.
    /// </summary>
    public async Task<Problem?> CheckRemovalAsync(Guid memberId, CancellationToken cancellationToken) =>
        (await ReadAsync(memberId, cancellationToken)).HasSpare || !await IsAskedForTwoAsync(memberId, cancellationToken) ? null : FactorProblems.LastFactor;

    /// <summary>Whether one of his tenants asks for two.</summary>
    public async Task<bool> IsAskedForTwoAsync(Guid memberId, CancellationToken cancellationToken)
    {
        var his = await tenants.ListAsync(memberId, cancellationToken);
        return (await system.ListTenantsAsync<Tenant>(SystemReason.SignIn, rows => rows.Where(tenant => tenant.RequiresTwoFactors && his.Contains(tenant.TenantId)), cancellationToken)).Count > 0;
    }
}
