using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings.Disposing;
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

    /// <summary>Deletes what lies in the store of it beside the recording's own objects, before the rows go. It may come again.</summary>
    Task DeleteObjectsAsync(Guid recordingId, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>
/// Destroys what has lain in the trash for its time, or what somebody emptied out of it: mark, then the wrapped keys, then the objects, then the rows (security.md 12). Killed anywhere, the next run goes on,
/// since the mark stands until the end; from the moment that the keys are gone nobody reads it any more.
/// </summary>
internal sealed class RecordingDestruction(
    VaultDbContext db, TenantKeys keys, SealedStore store, AuditLog audit, IRecordingKeeping keeping, DispositionBook book, IEnumerable<IRecordingRows> others, TimeProvider time)
{
    private const int PageLength = 100;

    /// <summary>A page of what is due by now, by id from <paramref name="after"/> on: what is over its time in the trash, and what a crash left half done.</summary>
    public Task<List<Guid>> DueAsync(Guid after, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var over = now - RecordingTrash.KeptFor;
        return db.Recordings.Where(recording => recording.Id.CompareTo(after) > 0 && (recording.IsBeingDestroyed || recording.TrashedUntil <= now || (recording.TrashedUntil == null && recording.TrashedAt <= over)))
            .OrderBy(recording => recording.Id).Take(PageLength).Select(recording => recording.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Nothing happens to what was taken out of the trash since it was found due, or is gone already.</summary>
    public async Task DestroyAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await MarkAsync(id, isByHand: false, Actor.System, cancellationToken))
            return;
        await book.EnsureAsync(id, cancellationToken);
        await keys.ForgetRecordingKeyAsync(id, cancellationToken);
        await keys.DeleteRecordingKeyObjectsAsync(id, cancellationToken);
        await book.NoteKeysDestroyedAsync(id, cancellationToken);
        await DeleteObjectsAsync(id, cancellationToken);
        foreach (var slice in others)
            await slice.DeleteObjectsAsync(id, cancellationToken);
        await VerifyAsync(id, cancellationToken);
        await book.NoteBytesDeletedAsync(id, cancellationToken);
        await DeleteRowsAsync(id, cancellationToken);
        await db.ShortenLogAsync(cancellationToken);
    }

    /// <summary>Marks what has lain in the trash for its time, or what somebody empties out of it; from then on there is no way back. True when it is marked, also when it was before.</summary>
    public async Task<bool> MarkAsync(Guid id, bool isByHand, Actor actor, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Who sets a hold takes this turn too: it stands before this looks, or it finds the mark.
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { } recording)
            return false;
        if (recording.IsBeingDestroyed)
            return true;
        // What lies sealed under the other recording's key is known by the move's row alone: it goes first, and this comes again.
        if (await db.RecordingMoves.AnyAsync(
            move => ((move.FromId == id || move.ToId == id) && (move.State == MoveState.Waiting || move.State == MoveState.Running || move.State == MoveState.GivingUp)) || (move.ToId == id && (move.State == MoveState.Moved || (move.State == MoveState.Done && move.HasLeftovers))),
            cancellationToken))
            return false;
        // Nor is anything sealed for a copy of it while its key goes.
        if (await db.RecordingCuts.AnyAsync(cut => (cut.FromId == id || cut.ToId == id) && (cut.State == ProcessingState.Waiting || cut.State == ProcessingState.Running), cancellationToken))
            return false;
        // Whoever took it out meanwhile has it: only what this transaction reads decides.
        if (recording.GoesAt is not { } goesAt || (goesAt > time.Now() && !isByHand) || await keeping.DestructionAsync(id, cancellationToken) is not null)
            return false;
        recording.IsBeingDestroyed = true;
        recording.Touch();
        await book.BeginAsync(recording, actor, cancellationToken);
        await audit.AppendAsync(new AuditEntry("recording.destruction-begun", actor, AuditTargetKind.Recording, id) { ChangesPermission = true }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task DeleteObjectsAsync(Guid id, CancellationToken cancellationToken)
    {
        List<StoredObjectName> objects = [];
        await foreach (var found in store.ListRecordingAsync(db.TenantId, id, cancellationToken))
            objects.Add(found);
        await store.DeleteAsync(objects, cancellationToken);
        await book.NoteObjectsDeletedAsync(id, objects.Count, cancellationToken);
    }

    /// <summary>Looks where something could be left. A certificate says what was looked at, and is not written otherwise.</summary>
    private async Task VerifyAsync(Guid id, CancellationToken cancellationToken)
    {
        await foreach (var left in store.ListRecordingAsync(db.TenantId, id, cancellationToken))
            throw new IOException($"The object {left.ObjectId} is still there after it was deleted.");
        if (!await keys.IsRecordingKeyGoneAsync(id, cancellationToken))
            throw new IOException($"The key of recording {id} can still be opened after it was destroyed.");
    }

    private async Task DeleteRowsAsync(Guid id, CancellationToken cancellationToken)
    {
        var (trashed, copies) = await book.BeforeAsync(id, cancellationToken);
        // The steps were written down past the rows that this scope has read.
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The turn comes before rows that others change behind it.
        await audit.TakeTurnAsync(cancellationToken);
        foreach (var slice in others)
            await slice.DeleteAsync(id, cancellationToken);
        await db.RecordingAssets.Where(asset => asset.RecordingId == id).ExecuteDeleteAsync(cancellationToken);
        await db.Participants.Where(person => person.RecordingId == id).ExecuteDeleteAsync(cancellationToken);
        if (await db.Recordings.Where(recording => recording.Id == id).ExecuteDeleteAsync(cancellationToken) > 0)
            await book.CertifyAsync(id, trashed, copies, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
