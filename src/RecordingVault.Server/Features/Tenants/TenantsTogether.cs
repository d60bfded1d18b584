using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>
/// Work in several tenants that stands or falls together: what changes a member's account changes it in all of them, and no tenant's log may miss it.
/// Each tenant is entered in a scope of its own, with its own filter and guard; what they share is the transaction.
/// </summary>
internal sealed class TenantsTogether(SystemScope system)
{
    /// <summary>Does the same in each tenant, in the running transaction of <paramref name="db"/>, and saves. Always in the order of ids: two that take the same logs' locks never wait for each other.</summary>
    /// <exception cref="InvalidOperationException">No transaction is running.</exception>
    public async Task InEachAsync(VaultDbContext db, IEnumerable<Guid> tenantIds, Func<IServiceProvider, Task> act, CancellationToken cancellationToken)
    {
        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("What is done together is done in a transaction.");
        foreach (var tenantId in tenantIds.Order())
        {
            await using var scope = system.Enter(tenantId);
            var other = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
#pragma warning disable RS0030 // the connection of our own context, handed to another of our own: no statement is written by hand
            other.Database.SetDbConnection(db.Database.GetDbConnection());
            await other.Database.UseTransactionAsync(transaction.GetDbTransaction(), cancellationToken);
#pragma warning restore RS0030
            await act(scope.ServiceProvider);
            await other.SaveChangesAsync(cancellationToken);
        }
    }
}
