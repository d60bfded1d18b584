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
        await using var scope = system.Enter(tenantId);
        foreach (var recordingId in await scope.ServiceProvider.GetRequiredService<RecordingDestruction>().DueAsync(cancellationToken))
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
