using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Joining;

/// <summary>Invitations that were accepted or withdrawn, or ran out, with the way from their ids to their tenant. Whoever joined stands among the members, and the log has the rest.</summary>
internal sealed class EndedInvitations(SystemScope system, JobEdge edge) : IEndedRows
{
    private const int PageLength = 500;

    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(SweepEndedJob.Name, tenantId, () => DeleteAsync(tenantId, endedBefore, cancellationToken));
    }

    private async Task DeleteAsync(Guid tenantId, DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        while (await DeletePageAsync(db, endedBefore, cancellationToken) == PageLength)
        {
            // However many there are, so many are read at once.
        }
    }

    private static async Task<int> DeletePageAsync(VaultDbContext db, DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ids = await db.Invitations.Where(row => row.AcceptedAt < endedBefore || row.RevokedAt < endedBefore || row.ExpiresAt < endedBefore)
            .OrderBy(row => row.Id).Take(PageLength).Select(row => row.Id).ToListAsync(cancellationToken);
        await db.Invitations.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        await db.Locators.Where(locator => ids.Contains(locator.Id)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ids.Count;
    }
}
