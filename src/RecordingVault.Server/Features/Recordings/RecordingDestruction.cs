using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>What a slice keeps beside a recording and gives up with it.</summary>
internal interface IRecordingRows
{
    /// <summary>Deletes the rows that refer to the recording, in the running transaction.</summary>
    Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken);
}

/// <summary>
/// Destroys what has lain in the trash for its time: mark, then the wrapped keys, then the objects, then the rows (security.md 12). Killed anywhere, the next run goes on,
/// since the mark stands until the end; from the moment that the keys are gone nobody reads it any more.
/// </summary>
internal sealed class RecordingDestruction(
    VaultDbContext db, TenantKeys keys, SealedStore store, AuditLog audit, IEnumerable<IRecordingRows> others, TimeProvider time)
{
    private const int PageLength = 100;

    /// <summary>Due by now: what is over its time in the trash, and what a crash left half done.</summary>
    public Task<List<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        var over = time.Now() - RecordingTrash.KeptFor;
        return db.Recordings.Where(recording => recording.IsBeingDestroyed || (recording.TrashedAt != null && recording.TrashedAt <= over))
            .OrderBy(recording => recording.Id).Take(PageLength).Select(recording => recording.Id).ToListAsync(cancellationToken);
    }

    public async Task DestroyAsync(Guid id, CancellationToken cancellationToken)
    {
        await MarkAsync(id, cancellationToken);
        await keys.ForgetRecordingKeyAsync(id, cancellationToken);
        await keys.DeleteRecordingKeyObjectsAsync(id, cancellationToken);
        List<StoredObjectName> objects = [];
        await foreach (var found in store.ListRecordingAsync(db.TenantId, id, cancellationToken))
            objects.Add(found);
        await store.DeleteAsync(objects, cancellationToken);
        await foreach (var left in store.ListRecordingAsync(db.TenantId, id, cancellationToken))
            throw new IOException($"The object {left.ObjectId} is still there after it was deleted.");
        await DeleteRowsAsync(id, cancellationToken);
    }

    private async Task MarkAsync(Guid id, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var recording = await db.Recordings.SingleAsync(recording => recording.Id == id, cancellationToken);
        if (recording.IsBeingDestroyed)
            return;
        recording.IsBeingDestroyed = true;
        recording.Touch();
        await audit.AppendAsync(new AuditEntry("recording.destroyed", Actor.System, AuditTargetKind.Recording, id) { ChangesPermission = true }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task DeleteRowsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var slice in others)
            await slice.DeleteAsync(id, cancellationToken);
        await db.RecordingAssets.Where(asset => asset.RecordingId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Participants.Where(person => person.RecordingId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Recordings.Where(recording => recording.Id == id).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
