using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>At start and every minute: has packages built that nobody is at. Somebody waits for them.</summary>
internal sealed class SweepBuildsJob(SystemScope system, JobQueue queue, JobEdge edge) : ISystemJob
{
    /// <summary>Of one organisation in one go: more are not built within a minute.</summary>
    private const int AtOnce = 100;

    public static string Name => "sweep-builds";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                var builds = scope.ServiceProvider.GetRequiredService<ExportBuilds>();
                await builds.GiveUpAsync(cancellationToken);
                // A long build stands before the others for hours: what waits in the queue is not put there again each minute.
                if (queue.IsWaitedFor(JobQueue.Export))
                    return;
                foreach (var id in await builds.Due().OrderBy(export => export.CreatedAt).Take(AtOnce).Select(export => export.Id).ToListAsync(cancellationToken))
                    queue.Nudge<BuildExportJob>(tenantId, id);
            });
        }
    }
}
