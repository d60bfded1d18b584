using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>The tenant's revocation counter: whatever takes a permission away raises it, in the same transaction, and each node looks again at what it is sending.</summary>
internal sealed class Revocations(VaultDbContext db)
{
    public Task RaiseAsync(CancellationToken cancellationToken) =>
        db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.Revocations, tenant => tenant.Revocations + 1), cancellationToken);

    public Task<long> ReadAsync(CancellationToken cancellationToken) => db.Tenants.AsNoTracking().Select(tenant => tenant.Revocations).SingleAsync(cancellationToken);
}
