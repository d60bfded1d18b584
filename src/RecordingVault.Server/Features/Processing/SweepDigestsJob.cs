using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Finds recordings with an original whose digest is still missing, because the process ended before the job ran, and nudges the job again.</summary>
internal sealed class SweepDigestsJob(SystemScope system, JobQueue queue, JobEdge edge) : ISystemJob
{
    private const int PageLength = 200;

    public static string Name => "sweep-digests";

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
                .Where(recording => recording.Id.CompareTo(after) > 0 && recording.State == RecordingState.Ready && !recording.IsBeingDestroyed
                    && db.RecordingAssets.Any(asset => asset.RecordingId == recording.Id && asset.Role == ObjectRole.OriginalSegment && (asset.ContentDigest == null || asset.ContentKey == null)))
                .OrderBy(recording => recording.Id).Take(PageLength).Select(recording => recording.Id).ToListAsync(cancellationToken);
            foreach (var recordingId in due)
                queue.Nudge<DigestJob>(tenantId, recordingId);
            if (due.Count < PageLength)
                return;
            after = due[^1];
        }
    }
}
