using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>At start and every hour: cards whose nudge was lost.</summary>
internal sealed class SweepCardsJob(SystemScope system) : ISystemJob
{
    private const int Batch = 200;

    public static string Name => "sweep-cards";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await using var scope = system.Enter(tenantId);
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            var due = await db.Recordings.Where(recording => recording.CardVersion == null || recording.CardVersion < recording.Version)
                .OrderBy(recording => recording.Id).Take(Batch).Select(recording => recording.Id).ToListAsync(cancellationToken);
            foreach (var recordingId in due)
                await ActivatorUtilities.CreateInstance<WriteCardJob>(scope.ServiceProvider).RunAsync(recordingId, cancellationToken);
        }
    }
}
