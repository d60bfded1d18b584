using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <summary>Lifts the holds of a matter that was closed.</summary>
internal sealed class LiftHoldsJob(HoldLifting lifting) : ITenantJob
{
    public static string Name => "lift-holds";

    public Task RunAsync(Guid subjectId, CancellationToken cancellationToken) => lifting.LiftAllAsync(subjectId, cancellationToken);
}

/// <summary>At start and every hour: goes on with matters whose holds a crash left half lifted.</summary>
internal sealed class SweepMattersJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-matters";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                var lifting = scope.ServiceProvider.GetRequiredService<HoldLifting>();
                foreach (var matterId in await lifting.UnfinishedAsync(cancellationToken))
                    await edge.TryAsync(Name, matterId, () => lifting.LiftAllAsync(matterId, cancellationToken));
            });
        }
    }
}
