using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Every minute: finds originals that nobody has processed and nobody is at, because a process ended or a machine failed, the newest first.</summary>
internal sealed class SweepProcessingJob(SystemScope system, JobQueue queue, MediaSandbox sandbox, JobEdge edge, ProcessingClaims claims) : ISystemJob
{
    private const int AtOnce = 50;

    public static string Name => "sweep-processing";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await sandbox.IsOnAsync())
            return;
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => NudgeAsync(tenantId, cancellationToken));
    }

    private async Task NudgeAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var over = claims.OverBefore;
        var due = await db.Recordings
            .Where(recording => recording.State != RecordingState.Receiving && !recording.IsBeingDestroyed && recording.TrashedAt == null
                && db.RecordingAssets.Any(asset => asset.RecordingId == recording.Id && asset.Role == ObjectRole.OriginalSegment
                    && !db.AssetProcessings.Any(row => row.Id == asset.Id && (row.State == ProcessingState.Done || row.State == ProcessingState.Failed || row.ClaimedUntil >= over || row.Tries >= ProcessingRows.MostTries))))
            .OrderByDescending(recording => recording.CreatedAt).Take(AtOnce).Select(recording => recording.Id).ToListAsync(cancellationToken);
        foreach (var recordingId in due)
            queue.Nudge<ProcessJob>(tenantId, recordingId);
    }
}
