using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Finishing;

internal enum EndReason
{
    Asked,
    Expired,
    ContentNotAccepted,
    FirstPartRefused,
}

/// <summary>
/// Ends an upload that is not whole and leaves nothing of it: segments, rows, and the recording where this upload made it and it holds nothing
/// else. It may be killed at any instant; what is left to do stands in rows, and the sweep does it.
/// </summary>
internal sealed class UploadEnding(VaultDbContext db, SealedStore store, RecordingRemoval removal, ManifestRestating restating, IRecordingKeeping keeping, AuditLog audit, TimeProvider time)
{
    /// <summary>The caller holds the upload's turn. That it is gone already is fine; a finished one stays.</summary>
    /// <returns>Why it goes on: its recording is on hold, and so are the bytes that came. Null when it is ended.</returns>
    public async Task<Problem?> EndAsync(Guid uploadId, EndReason reason, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            if (await MarkAsync(uploadId, reason, actor, mayTakeRecording: true, cancellationToken) is { } held)
                return held;
        }
        catch (DbUpdateException refused) when (refused is not DbUpdateConcurrencyException)
        {
            // Something of another slice refers to the recording (a link made while bytes arrived): then it stays, empty, and its owner decides.
            if (await MarkAsync(uploadId, reason, actor, mayTakeRecording: false, cancellationToken) is { } held)
                return held;
        }

        await GoOnAsync(uploadId, cancellationToken);
        return null;
    }

    /// <summary>Does what is still to do for an upload that is ending or was ended.</summary>
    public async Task GoOnAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        if (await db.EndedUploads.SingleOrDefaultAsync(ended => ended.Id == uploadId, cancellationToken) is { IsSwept: false, RemovedRecordingId: { } recordingId } ended)
        {
            await removal.DeleteObjectsAsync(recordingId, cancellationToken);
            ended.IsSwept = true;
            await db.SaveChangesAsync(cancellationToken);
        }
        else if (await db.Uploads.AsNoTracking().SingleOrDefaultAsync(upload => upload.Id == uploadId && upload.State == UploadState.Ending, cancellationToken) is { } upload)
        {
            // A manifest that was put for its last byte and never committed names these segments: it may not stay the newest for whoever reads the store alone.
            await restating.RunAsync(upload.RecordingId, cancellationToken);
            db.ChangeTracker.Clear();
            await DeleteSegmentsAsync(upload, cancellationToken);
            db.Uploads.Remove(upload);
            db.EndedUploads.Add(Remember(upload, removedRecordingId: null));
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private async Task<Problem?> MarkAsync(Guid uploadId, EndReason reason, Actor actor, bool mayTakeRecording, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Uploads.SingleOrDefaultAsync(upload => upload.Id == uploadId, cancellationToken) is not { State: UploadState.Receiving } upload)
            return null;
        if (reason == EndReason.Expired && upload.ExpiresAt > time.Now())
            return null; // somebody went on with it between the sweep's look and its turn
        await audit.TakeTurnAsync(cancellationToken);
        var held = await keeping.HoldAsync(upload.RecordingId, cancellationToken);
        // What the vault does not take as content never was part of the recording.
        if (held is not null && (reason is EndReason.Asked or EndReason.Expired))
            return held;
        await audit.AppendAsync(
            new AuditEntry("upload.ended", actor, AuditTargetKind.Upload, upload.Id) { Fields = [("reason", Slug(reason)), ("recording", $"{upload.RecordingId}")] }, cancellationToken);
        if (mayTakeRecording && await GoesWithRecordingAsync(upload, cancellationToken))
        {
            await RemoveWithRecordingAsync(upload, actor, cancellationToken);
        }
        else
        {
            if (upload.MadeRecording)
                await LeaveRecordingToOthersAsync(upload, cancellationToken);
            upload.BeginEnding();
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private async Task<bool> GoesWithRecordingAsync(Upload upload, CancellationToken cancellationToken) =>
        upload.MadeRecording
        && await removal.HoldsNothingAsync(upload.RecordingId, cancellationToken)
        && !await db.Uploads.AnyAsync(other => other.RecordingId == upload.RecordingId && other.Id != upload.Id, cancellationToken);

    /// <summary>The files of a set are begun together: whichever is ended last takes a recording with it that none of them came into.</summary>
    private async Task LeaveRecordingToOthersAsync(Upload upload, CancellationToken cancellationToken) =>
        await db.Uploads.Where(other => other.RecordingId == upload.RecordingId && other.Id != upload.Id && other.State == UploadState.Receiving)
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.MadeRecording, true), cancellationToken);

    private async Task RemoveWithRecordingAsync(Upload upload, Actor actor, CancellationToken cancellationToken)
    {
        db.Uploads.Remove(upload);
        db.EndedUploads.Add(Remember(upload, upload.RecordingId));
        await db.SaveChangesAsync(cancellationToken); // the upload's row refers to the recording's
        await removal.RemoveRowsAsync(upload.RecordingId, actor, cancellationToken);
    }

    private async Task DeleteSegmentsAsync(Upload upload, CancellationToken cancellationToken)
    {
        var objects = await db.UploadSegments.AsNoTracking().Where(segment => segment.UploadId == upload.Id).Select(segment => segment.ObjectId).ToListAsync(cancellationToken);
        foreach (var objectId in objects)
            await store.DeleteSegmentAsync(upload.TenantId, upload.RecordingId, upload.Role, objectId, cancellationToken);
    }

    private EndedUpload Remember(Upload upload, Guid? removedRecordingId) => new()
    {
        TenantId = upload.TenantId,
        Id = upload.Id,
        MemberId = upload.MemberId,
        EndedAt = time.Now(),
        RemovedRecordingId = removedRecordingId,
        IsSwept = removedRecordingId is null,
    };

    private static string Slug(EndReason reason) => reason switch
    {
        EndReason.Asked => "asked",
        EndReason.Expired => "expired",
        EndReason.ContentNotAccepted => "content-not-accepted",
        EndReason.FirstPartRefused => "first-part-refused",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
