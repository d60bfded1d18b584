using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace RecordingVault.Server.Data;

/// <summary>Tells a context that its transaction has ended (<see cref="VaultDbContext.AfterCommit"/>).</summary>
internal sealed class TransactionEnds : DbTransactionInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData, isCommitted: true);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData, isCommitted: true);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData, isCommitted: false);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData, isCommitted: false);
        return Task.CompletedTask;
    }

    private static void End(TransactionEndEventData ended, bool isCommitted) => (ended.Context as VaultDbContext)?.EndTransaction(isCommitted);
}
