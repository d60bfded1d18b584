using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>At start and every hour: finds cards whose nudge was lost, and nudges the job again.</summary>
internal sealed class SweepCardsJob(SystemScope system, JobQueue queue, JobEdge edge) : ISystemJob
{
    private const int PageLength = 200;

    public static string Name => "sweep-cards";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => NudgeAsync(tenantId, cancellationToken));
    }

    private async Task NudgeAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        // By key: those that fail every time must not hide the ones behind them.
        var after = Guid.Empty;
        while (true)
        {
            var due = await db.Recordings
                .Where(recording => recording.Id.CompareTo(after) > 0 && !recording.IsBeingDestroyed && (recording.CardVersion == null || recording.CardVersion < recording.Version))
                .OrderBy(recording => recording.Id).Take(PageLength).Select(recording => recording.Id).ToListAsync(cancellationToken);
            foreach (var recordingId in due)
                queue.Nudge<WriteCardJob>(tenantId, recordingId);
            if (due.Count < PageLength)
                return;
            after = due[^1];
        }
    }
}
