using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>At start and every hour: ends exports whose time is over, and has those built that nobody is at.</summary>
internal sealed class SweepExportsJob(SystemScope system, JobQueue queue, JobEdge edge, TimeProvider time) : ISystemJob
{
    public static string Name => "sweep-exports";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => SweepAsync(tenantId, cancellationToken));
    }

    private async Task SweepAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        for (var page = await DueAsync(tenantId, Guid.Empty, cancellationToken); page.Count > 0; page = await DueAsync(tenantId, page[^1], cancellationToken))
        {
            foreach (var id in page)
            {
                await edge.TryAsync(Name, id, async () =>
                {
                    await using var one = system.Enter(tenantId);
                    await one.ServiceProvider.GetRequiredService<ExportEnding>().FinishAsync(id, cancellationToken);
                });
            }
        }

        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var now = time.Now();
        // Its process ended with its last try: nobody comes back to it.
        await db.PackageExports.Where(export => export.State == ExportState.Building && export.ClaimedUntil < now && export.Tries >= BuildExportJob.MostTries)
            .ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Failed).SetProperty(export => export.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
        foreach (var id in await db.PackageExports.Where(export => export.Tries < BuildExportJob.MostTries && (export.State == ExportState.Waiting || (export.State == ExportState.Building && export.ClaimedUntil < now)))
            .OrderBy(export => export.CreatedAt).Take(100).Select(export => export.Id).ToListAsync(cancellationToken))
            queue.Nudge<BuildExportJob>(tenantId, id);
    }

    private async Task<List<Guid>> DueAsync(Guid tenantId, Guid after, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        return await scope.ServiceProvider.GetRequiredService<ExportEnding>().DueAsync(after, cancellationToken);
    }
}
