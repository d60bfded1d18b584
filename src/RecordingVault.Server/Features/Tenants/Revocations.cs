using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>
/// The tenant's revocation counter. Whatever can change what the gate would answer raises it, in the same transaction, and each node looks again at what it is
/// sending. It rises with an event only (<see cref="AuditEntry.ChangesPermission"/>), behind the lock of the log's head.
/// </summary>
internal sealed class Revocations(VaultDbContext db, RevocationCounters counters, TimeProvider time) : IPermissionCounter
{
    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        var at = time.GetTimestamp();
        var counter = await db.Tenants.AsNoTracking().Select(tenant => tenant.Revocations).SingleAsync(cancellationToken);
        counters.Note(db.TenantId, counter, at);
        return counter;
    }

    /// <summary>As this node knows it, or read anew. Whoever keeps an answer takes this before he reads what the answer stands on.</summary>
    public async ValueTask<long> CurrentAsync(CancellationToken cancellationToken) =>
        counters.TryGet(db.TenantId, out var known) ? known : await ReadAsync(cancellationToken);

    Task IPermissionCounter.RaiseAsync(CancellationToken cancellationToken)
    {
        counters.Doubt(db.TenantId);
        // Whoever read it since then has read the old one, and must not believe that once the change stands.
        if (db.Database.CurrentTransaction is not null)
            db.AfterCommit(() => counters.Doubt(db.TenantId));
        return db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.Revocations, tenant => tenant.Revocations + 1), cancellationToken);
    }
}
