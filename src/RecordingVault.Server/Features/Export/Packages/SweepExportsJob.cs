using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>At start and every hour: ends exports whose time is over, and deletes what is left of those that were ended.</summary>
internal sealed class SweepExportsJob(SystemScope system, JobEdge edge) : ISystemJob
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
    }

    private async Task<List<Guid>> DueAsync(Guid tenantId, Guid after, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        return await scope.ServiceProvider.GetRequiredService<ExportEnding>().DueAsync(after, cancellationToken);
    }
}
