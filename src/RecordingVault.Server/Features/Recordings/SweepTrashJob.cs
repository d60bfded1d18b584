using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>At start and every hour: destroys what has lain in the trash for 30 days, tenant by tenant.</summary>
internal sealed class SweepTrashJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-trash";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => SweepAsync(tenantId, cancellationToken));
    }

    private async Task SweepAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        // Page after page: what is stuck stays behind and blocks nothing.
        for (var page = await DueAsync(tenantId, Guid.Empty, cancellationToken); page.Count > 0; page = await DueAsync(tenantId, page[^1], cancellationToken))
            await DestroyAsync(tenantId, page, cancellationToken);
    }

    private async Task<List<Guid>> DueAsync(Guid tenantId, Guid after, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        return await scope.ServiceProvider.GetRequiredService<RecordingDestruction>().DueAsync(after, cancellationToken);
    }

    private async Task DestroyAsync(Guid tenantId, List<Guid> page, CancellationToken cancellationToken)
    {
        foreach (var recordingId in page)
        {
            // Each in a scope of its own: what fails for one leaves nothing for the next.
            await edge.TryAsync(Name, recordingId, async () =>
            {
                await using var one = system.Enter(tenantId);
                await one.ServiceProvider.GetRequiredService<RecordingDestruction>().DestroyAsync(recordingId, cancellationToken);
            });
        }
    }
}
