using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Finishing;

/// <summary>One tenant's uploads, set right: what a crash left half-done is done, what has expired is ended, what nothing refers to is deleted.</summary>
internal sealed class UploadSweep(VaultDbContext db, UploadEnding ending, OrphanSweep orphans, RecordingRemoval removal, TimeProvider time)
{
    private const int Batch = 100;

    public async Task RunAsync(UploadTurns turns, CancellationToken cancellationToken)
    {
        foreach (var id in await HalfEndedAsync(cancellationToken))
            await ending.GoOnAsync(id, cancellationToken);
        await EndExpiredAsync(turns, cancellationToken);
        foreach (var recordingId in await RecordingsWithUploadsAsync(cancellationToken))
            await orphans.RunAsync(recordingId, cancellationToken);
        await ForgetAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Guid>> HalfEndedAsync(CancellationToken cancellationToken)
    {
        var halfEnded = await db.Uploads.Where(upload => upload.State == UploadState.Ending).Select(upload => upload.Id).ToListAsync(cancellationToken);
        var unswept = await db.EndedUploads.Where(upload => !upload.IsSwept).Select(upload => upload.Id).ToListAsync(cancellationToken);
        return [.. halfEnded, .. unswept];
    }

    private async Task EndExpiredAsync(UploadTurns turns, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.Now();
            var expired = await db.Uploads.Where(upload => upload.State == UploadState.Receiving && upload.ExpiresAt <= now)
                .OrderBy(upload => upload.ExpiresAt).Take(Batch).Select(upload => upload.Id).ToListAsync(cancellationToken);
            foreach (var id in expired)
            {
                using var turn = await turns.TakeAsync(db.TenantId, id, cancellationToken);
                if (turn is not null)
                    await ending.EndAsync(id, EndReason.Expired, Actor.System, cancellationToken);
            }

            if (expired.Count < Batch)
                return;
        }
    }

    private Task<List<Guid>> RecordingsWithUploadsAsync(CancellationToken cancellationToken) =>
        db.Uploads.Select(upload => upload.RecordingId).Distinct().ToListAsync(cancellationToken);

    /// <summary>Rows that only answered questions about the past.</summary>
    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.Uploads.Where(upload => upload.State == UploadState.Finished && upload.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        var forgotten = now - EndedUpload.Lifetime;
        var old = await db.EndedUploads.AsNoTracking().Where(ended => ended.IsSwept && ended.EndedAt <= forgotten).ToListAsync(cancellationToken);
        foreach (var ended in old)
        {
            // A last look: a job that was under way when the recording went may have put something after it.
            if (ended.RemovedRecordingId is { } recordingId)
                await removal.DeleteObjectsAsync(recordingId, cancellationToken);
            await db.EndedUploads.Where(row => row.Id == ended.Id).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
