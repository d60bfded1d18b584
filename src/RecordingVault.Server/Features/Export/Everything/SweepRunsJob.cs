using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Export.Everything;

/// <summary>At start and every minute: has runs go on where a package was built or fetched, and forgets those that have nothing to tell any more.</summary>
internal sealed class SweepRunsJob(SystemScope system, JobQueue queue, JobEdge edge, TimeProvider time) : ISystemJob
{
    public static string Name => "sweep-everything-runs";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => SweepAsync(tenantId, cancellationToken));
    }

    private async Task SweepAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var over = time.Now() - ExportEnding.ToldFor - PackageExport.KeptFor;
        await db.EverythingRuns.Where(run => run.State != RunState.Running && run.CreatedAt < over && !db.PackageExports.Any(export => export.RunId == run.Id)).ExecuteDeleteAsync(cancellationToken);
        foreach (var id in await db.EverythingRuns.Where(run => run.State == RunState.Running).Select(run => run.Id).ToListAsync(cancellationToken))
            queue.Nudge<AdvanceRunJob>(tenantId, id);
    }
}
