using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Every minute: finds originals that nobody has processed and nobody is at, because a process ended or a machine failed, the newest first; and what has been tried too often, which it gives up.</summary>
internal sealed class SweepProcessingJob(SystemScope system, JobQueue queue, MediaSandbox sandbox, JobEdge edge) : ISystemJob
{
    private const int AtOnce = 50;

    public static string Name => "sweep-processing";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await sandbox.IsOnAsync())
            return;
        // What was nudged is not nudged again each minute for as long as somebody's film is encoded.
        var isWaitedFor = queue.IsWaitedFor(JobQueue.Renditions);
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => NudgeAsync(tenantId, !isWaitedFor, cancellationToken));
    }

    private async Task NudgeAsync(Guid tenantId, bool withRenditions, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var rows = scope.ServiceProvider.GetRequiredService<ProcessingRows>();
        var recordings = scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings
            .Where(recording => recording.State != RecordingState.Receiving && !recording.IsBeingDestroyed && recording.TrashedAt == null);
        foreach (var asset in await rows.Spent().Where(asset => recordings.Any(recording => recording.Id == asset.RecordingId)).OrderBy(asset => asset.Id).Take(AtOnce).ToListAsync(cancellationToken))
            await edge.TryAsync(Name, asset.RecordingId, () => rows.GiveUpAsync(asset, cancellationToken));
        foreach (var recordingId in await NewestAsync(recordings, rows.Due(MakingStage.Small), cancellationToken))
            queue.Nudge<ProcessJob>(tenantId, recordingId);
        if (!withRenditions)
            return;
        foreach (var recordingId in await NewestAsync(recordings, rows.Due(MakingStage.Rendition), cancellationToken))
            queue.Nudge<RenditionJob>(tenantId, recordingId);
    }

    private static Task<List<Guid>> NewestAsync(IQueryable<Recording> recordings, IQueryable<RecordingAsset> due, CancellationToken cancellationToken) =>
        recordings.Where(recording => due.Any(asset => asset.RecordingId == recording.Id))
            .OrderByDescending(recording => recording.CreatedAt).Take(AtOnce).Select(recording => recording.Id).ToListAsync(cancellationToken);
}
