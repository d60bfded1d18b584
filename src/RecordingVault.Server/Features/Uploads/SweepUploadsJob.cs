using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>At start and every hour: ends what has expired and clears what crashes left, tenant by tenant.</summary>
internal sealed class SweepUploadsJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-uploads";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<UploadSweep>().RunAsync(cancellationToken);
            });
        }
    }
}
