using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>
/// The tenant's revocation counter. Whatever can change what the gate would answer raises it, in the same transaction, and each node looks again at what it is
/// sending. It rises with an event only (<see cref="AuditEntry.ChangesPermission"/>), behind the lock of the log's head.
/// </summary>
internal sealed class Revocations(VaultDbContext db) : IPermissionCounter
{
    public Task<long> ReadAsync(CancellationToken cancellationToken) => db.Tenants.AsNoTracking().Select(tenant => tenant.Revocations).SingleAsync(cancellationToken);

    Task IPermissionCounter.RaiseAsync(CancellationToken cancellationToken) =>
        db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.Revocations, tenant => tenant.Revocations + 1), cancellationToken);
}
