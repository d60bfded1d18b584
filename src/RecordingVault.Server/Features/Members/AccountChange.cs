using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Members;

/// <summary>Changes an account, which belongs to no tenant, in one transaction with the event in the log of each of its tenants.</summary>
internal sealed class AccountChange(VaultDbContext db, AccountLog log, TimeProvider time)
{
    /// <param name="change">Runs behind the logs' locks; where it answers false nothing has happened.</param>
    /// <returns>What <paramref name="change"/> answered; false also where somebody else changed the account meanwhile.</returns>
    public async Task<bool> RunAsync(Guid memberId, AuditEntry entry, Func<Task<bool>> change, CancellationToken cancellationToken)
    {
        await using var transaction = await log.BeginAsync(memberId, entry, cancellationToken);
        if (!await change())
            return false;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException refused) when (refused is DbUpdateConcurrencyException || refused.IsUniqueViolation())
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Ends every session of the account, in the running transaction. One that is being opened meanwhile ends by the member's new stamp.</summary>
    public Task<int> EndSessionsAsync(Guid memberId, CancellationToken cancellationToken)
    {
        var now = time.Now();
        return db.Sessions.Where(session => session.MemberId == memberId && session.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), cancellationToken);
    }
}
