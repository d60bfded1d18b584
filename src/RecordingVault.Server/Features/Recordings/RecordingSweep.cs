using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>Goes through the recordings of every tenant for which some work is due, because the process ended or a nudge was lost, and nudges its job again.</summary>
internal sealed class RecordingSweep(SystemScope system, JobQueue queue, JobEdge edge)
{
    private const int PageLength = 200;

    /// <param name="name">Of the sweep, as the health page lists it.</param>
    /// <param name="due">Of one tenant, in any order; those that are being destroyed are left out here.</param>
    public async Task NudgeAsync<TJob>(string name, Func<VaultDbContext, IQueryable<Recording>> due, CancellationToken cancellationToken)
        where TJob : ITenantJob
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(name, tenantId, () => NudgeAsync<TJob>(tenantId, due, cancellationToken));
    }

    private async Task NudgeAsync<TJob>(Guid tenantId, Func<VaultDbContext, IQueryable<Recording>> due, CancellationToken cancellationToken)
        where TJob : ITenantJob
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        // By key: those that fail every time must not hide the ones behind them.
        for (var after = Guid.Empty; ;)
        {
            var page = await due(db).Where(recording => recording.Id.CompareTo(after) > 0 && !recording.IsBeingDestroyed)
                .OrderBy(recording => recording.Id).Take(PageLength).Select(recording => recording.Id).ToListAsync(cancellationToken);
            foreach (var recordingId in page)
                queue.Nudge<TJob>(tenantId, recordingId);
            if (page.Count < PageLength)
                return;
            after = page[^1];
        }
    }
}
