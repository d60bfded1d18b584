using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Finishing;

/// <summary>
/// One tenant's uploads, set right: what a crash left half-done is done, what has expired is ended, what nothing refers to is deleted. What fails
/// for one upload or recording is logged and does not keep the rest waiting.
/// </summary>
internal sealed class UploadSweep(VaultDbContext db, UploadTurns turns, UploadEnding ending, OrphanSweep orphans, IEnumerable<IUnboundObjects> others, LoneKeySweep loneKeys, RecordingRemoval removal, JobEdge edge, TimeProvider time)
{
    private const int PageLength = 100;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await HalfEndedAsync(cancellationToken))
            await edge.TryAsync(SweepUploadsJob.Name, id, () => ending.GoOnAsync(id, cancellationToken));
        await EndExpiredAsync(cancellationToken);
        await SweepOrphansAsync(db.Uploads.Select(upload => upload.RecordingId), cancellationToken);
        foreach (var other in others)
            await SweepOrphansAsync(other.Recordings(), cancellationToken);
        await edge.TryAsync(SweepUploadsJob.Name, db.TenantId, () => loneKeys.RunAsync(cancellationToken));
        await ForgetAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Guid>> HalfEndedAsync(CancellationToken cancellationToken)
    {
        var halfEnded = await db.Uploads.Where(upload => upload.State == UploadState.Ending).Select(upload => upload.Id).ToListAsync(cancellationToken);
        var unswept = await db.EndedUploads.Where(upload => !upload.IsSwept).Select(upload => upload.Id).ToListAsync(cancellationToken);
        return [.. halfEnded, .. unswept];
    }

    private async Task EndExpiredAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        // By key: those that fail every time must not hide the ones behind them.
        var after = Guid.Empty;
        while (true)
        {
            var expired = await db.Uploads.Where(upload => upload.Id.CompareTo(after) > 0 && upload.State == UploadState.Receiving && upload.ExpiresAt <= now)
                .OrderBy(upload => upload.Id).Take(PageLength).Select(upload => upload.Id).ToListAsync(cancellationToken);
            foreach (var id in expired)
                await edge.TryAsync(SweepUploadsJob.Name, id, () => EndExpiredAsync(id, cancellationToken));
            if (expired.Count < PageLength)
                return;
            after = expired[^1];
        }
    }

    private async Task EndExpiredAsync(Guid id, CancellationToken cancellationToken)
    {
        using var turn = await turns.TakeAsync(db.TenantId, id, cancellationToken);
        if (turn is not null)
            await ending.EndAsync(id, EndReason.Expired, Actor.System, cancellationToken);
    }

    private async Task SweepOrphansAsync(IQueryable<Guid> recordings, CancellationToken cancellationToken)
    {
        for (var after = Guid.Empty; ;)
        {
            var page = await recordings.Where(id => id.CompareTo(after) > 0).Distinct().OrderBy(id => id).Take(PageLength).ToListAsync(cancellationToken);
            foreach (var recordingId in page)
                await edge.TryAsync(SweepUploadsJob.Name, recordingId, () => orphans.RunAsync(recordingId, cancellationToken));
            if (page.Count < PageLength)
                return;
            after = page[^1];
        }
    }

    /// <summary>Rows that only answered questions about the past.</summary>
    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.Uploads.Where(upload => upload.State == UploadState.Finished && upload.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        var forgotten = now - EndedUpload.Lifetime;
        var old = await db.EndedUploads.AsNoTracking().Where(ended => ended.IsSwept && ended.EndedAt <= forgotten).ToListAsync(cancellationToken);
        foreach (var ended in old)
            await edge.TryAsync(SweepUploadsJob.Name, ended.Id, () => ForgetAsync(ended, cancellationToken));
    }

    private async Task ForgetAsync(EndedUpload ended, CancellationToken cancellationToken)
    {
        // A last look: a job that was under way when the recording went may have put something after it.
        if (ended.RemovedRecordingId is { } recordingId)
            await removal.DeleteObjectsAsync(recordingId, cancellationToken);
        await db.EndedUploads.Where(row => row.Id == ended.Id).ExecuteDeleteAsync(cancellationToken);
    }
}
