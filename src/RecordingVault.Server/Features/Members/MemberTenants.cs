using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Members;

/// <summary>The tenants of a member. It looks across tenants for one member's memberships and gives ids only; all else runs in a tenant's scope.</summary>
internal sealed class MemberTenants(SystemScope system)
{
    /// <summary>Ids of the tenants that he belongs to now, the one that he used last first, then those that he never opened as he joined them.</summary>
    public Task<IReadOnlyList<Guid>> ListAsync(Guid memberId, CancellationToken cancellationToken) =>
        system.ListTenantsAsync<Membership>(
            SystemReason.SignIn,
            memberships => memberships.Where(membership => membership.MemberId == memberId && membership.EndedAt == null)
                .OrderByDescending(membership => membership.LastOpenedAt != null).ThenByDescending(membership => membership.LastOpenedAt).ThenBy(membership => membership.CreatedAt).ThenBy(membership => membership.TenantId),
            cancellationToken);

    /// <summary>Does the same in a scope of each of his tenants, one after another.</summary>
    public async Task InEachAsync(IEnumerable<Guid> tenantIds, Func<IServiceProvider, Task> act)
    {
        foreach (var tenantId in tenantIds)
        {
            await using var scope = system.Enter(tenantId);
            await act(scope.ServiceProvider);
        }
    }
}
