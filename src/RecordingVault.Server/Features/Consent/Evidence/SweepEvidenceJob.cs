using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>At start and every hour: destroys evidence whose time is over, and deletes what a crash left of files that never came whole.</summary>
internal sealed class SweepEvidenceJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-evidence";

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
                    await one.ServiceProvider.GetRequiredService<EvidenceEnding>().FinishAsync(id, cancellationToken);
                });
            }
        }

        await using var scope = system.Enter(tenantId);
        await scope.ServiceProvider.GetRequiredService<EvidenceEnding>().SweepLoneKeysAsync(cancellationToken);
    }

    private async Task<List<Guid>> DueAsync(Guid tenantId, Guid after, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        return await scope.ServiceProvider.GetRequiredService<EvidenceEnding>().DueAsync(after, cancellationToken);
    }
}
