using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>
/// Whether somebody may take an account in hand that is not his. A link for a password, or a second factor taken off, opens the account wherever it reaches:
/// so he must stand at least as high in every tenant that it belongs to, not only in his own.
/// </summary>
internal sealed class MemberReach(MemberTenants tenants)
{
    /// <summary>An Owner or Admin in each of the member's tenants, and nowhere lower than he.</summary>
    public Task<bool> CoversAsync(Guid makerId, Guid memberId, CancellationToken cancellationToken) =>
        InEveryTenantAsync(makerId, memberId, (maker, member) => maker is (Role.Owner or Role.Admin) and { } role && role.Covers(member), cancellationToken);

    /// <summary>An Owner in each of the member's tenants.</summary>
    public Task<bool> OwnsAsync(Guid makerId, Guid memberId, CancellationToken cancellationToken) =>
        InEveryTenantAsync(makerId, memberId, (maker, _) => maker is Role.Owner, cancellationToken);

    private async Task<bool> InEveryTenantAsync(Guid makerId, Guid memberId, Func<Role?, Role, bool> may, CancellationToken cancellationToken)
    {
        var tenantIds = await tenants.ListAsync(memberId, cancellationToken);
        var reached = 0;
        await tenants.InEachAsync(tenantIds, async services =>
        {
            var roles = await services.GetRequiredService<VaultDbContext>().Memberships.AsNoTracking()
                .Where(membership => membership.EndedAt == null && (membership.MemberId == makerId || membership.MemberId == memberId))
                .ToDictionaryAsync(membership => membership.MemberId, membership => (Role?)membership.Role, cancellationToken);
            if (roles.GetValueOrDefault(memberId) is { } member && may(roles.GetValueOrDefault(makerId), member))
                reached++;
        });
        return makerId != memberId && tenantIds.Count > 0 && reached == tenantIds.Count;
    }
}
