using Microsoft.EntityFrameworkCore.Storage;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Members;

/// <summary>Says what happens to an account, which belongs to no tenant, in the log of each of its tenants.</summary>
internal sealed class AccountLog(VaultDbContext db, MemberTenants tenants, TenantsTogether together)
{
    /// <summary>
    /// Begins the transaction of a change, with its event in every log already. The caller changes the account behind the logs' locks and commits: whatever ends
    /// the process before that has changed nothing and said nothing.
    /// </summary>
    public async Task<IDbContextTransaction> BeginAsync(Guid memberId, AuditEntry entry, CancellationToken cancellationToken)
    {
        var tenantIds = await tenants.ListAsync(memberId, cancellationToken);
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await together.InEachAsync(db, tenantIds, services => services.GetRequiredService<AuditLog>().AppendAsync(entry, cancellationToken), cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}
