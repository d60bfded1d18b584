using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>Moves that are over: the recording says where its files are, and the log has the rest.</summary>
internal sealed class EndedMoves(SystemScope system, JobEdge edge) : IEndedRows
{
    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(SweepEndedJob.Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecordingMoves.Where(move => move.EndedAt < endedBefore && !move.HasLeftovers).ExecuteDeleteAsync(cancellationToken);
            });
        }
    }
}
