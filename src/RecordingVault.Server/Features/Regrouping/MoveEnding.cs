using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>The end of a move: what it made double is deleted, under the old key when the files have changed over, under the new one when they are not to.</summary>
internal sealed class MoveEnding(
    VaultDbContext db, TenantKeys keys, SealedStore store, MoveRows rows, ManifestRestating restating, RecordingRemoval removal, UploadEnding uploads, AuditLog audit, TimeProvider time)
{
    /// <summary>
    /// For so long after the change-over the old objects stay: by then every node has stopped what it was sending of them, and a backup that took the rows before
    /// has taken the objects that they name (operations.md: rows first).
    /// </summary>
    public static readonly TimeSpan OldKept = TimeSpan.FromDays(2);

    /// <summary>What a store does not let go of is asked for again after so long.</summary>
    private static readonly TimeSpan LeftoversAgain = TimeSpan.FromDays(1);

    public async Task DeleteOldAsync(RecordingMove move, CancellationToken cancellationToken) =>
        await EndAsync(move, MoveState.Done, !await TryDeleteOldAsync(move, cancellationToken), cancellationToken);

    /// <summary>Nothing of it was moved, and nothing will be. Told once; what was sealed for it is deleted. Nothing happens where the claim is not good any more.</summary>
    public async Task GiveUpAsync(RecordingMove move, DateTimeOffset held, string reason, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            var given = await rows.Held(move.Id, held)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MoveState.GivingUp).SetProperty(row => row.Reason, reason).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
            if (given == 0)
                return;
            await audit.AppendAsync(
                new AuditEntry("recording.move-given-up", Actor.System, AuditTargetKind.Recording, move.FromId) { Fields = [("reason", reason), ("into", $"{move.ToId}")] }, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await DropAsync(move, cancellationToken);
    }

    public async Task DropAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        // Before anything that they name is gone: manifests which were put and never committed may not stay the newest for whoever reads the store alone.
        await restating.RunAsync(move.FromId, cancellationToken);
        if (move.Kind == MoveKind.Split && await TryRemoveAsync(move, cancellationToken))
        {
            await uploads.GoOnAsync(move.Id, cancellationToken);
            return;
        }

        await restating.RunAsync(move.ToId, cancellationToken);
        await EndAsync(move, MoveState.GivenUp, !await TryDropAsync(move, cancellationToken), cancellationToken);
    }

    /// <summary>Asks the store once more for what it did not let go of.</summary>
    public async Task SweepAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        var isGone = move.State == MoveState.Done ? await TryDeleteOldAsync(move, cancellationToken) : await TryDropAsync(move, cancellationToken);
        await EndAsync(move, move.State, !isGone, cancellationToken);
    }

    private async Task<bool> TryDeleteOldAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        if (move.OldManifest is not { } commit)
            return true;
        var gone = await db.MovedAssets.Where(asset => asset.MoveId == move.Id).Select(asset => asset.OldId).ToHashSetAsync(cancellationToken);
        using var key = await keys.RecordingKeyAsync(move.FromId, cancellationToken);
        var before = await store.OpenManifestAsync(key, commit, cancellationToken);
        return await TryDeleteAsync(move.FromId, [.. before.Assets.Where(asset => gone.Contains(asset.Id)).SelectMany(asset => asset.Segments).Select(segment => segment.ObjectId)], cancellationToken);
    }

    private async Task<bool> TryDropAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        var segments = await db.MovedSegments.Where(segment => db.MovedAssets.Any(asset => asset.Id == segment.MovedAssetId && asset.MoveId == move.Id))
            .Select(segment => segment.ObjectId).ToHashSetAsync(cancellationToken);
        return await TryDeleteAsync(move.ToId, segments, cancellationToken);
    }

    /// <summary>The recording that a split made goes with it, where nothing else came into it: rows first, and objects by the row that remembers them.</summary>
    private async Task<bool> TryRemoveAsync(RecordingMove move, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (!await removal.HoldsNothingAsync(move.ToId, cancellationToken) || await db.Uploads.AnyAsync(upload => upload.RecordingId == move.ToId, cancellationToken))
            return false;
        // The row stays, to tell whoever asked.
        await db.MovedAssets.Where(asset => asset.MoveId == move.Id).ExecuteDeleteAsync(cancellationToken);
        var now = time.Now();
        await db.RecordingMoves.Where(row => row.Id == move.Id && row.State == MoveState.GivingUp)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MoveState.GivenUp).SetProperty(row => row.EndedAt, now), cancellationToken);
        db.EndedUploads.Add(new EndedUpload { TenantId = move.TenantId, Id = move.Id, MemberId = move.MemberId, EndedAt = now, RemovedRecordingId = move.ToId });
        await removal.RemoveRowsAsync(move.ToId, Actor.System, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            return false; // something refers to it, a link that was made meanwhile: then it stays, empty, and its owner decides
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Some objects of a recording, found by one listing: few requests, however many there are.</summary>
    /// <returns>False where the store refuses to delete: it keeps what it was given for a while, or the vault has no right to.</returns>
    private async Task<bool> TryDeleteAsync(Guid recordingId, HashSet<Guid> objects, CancellationToken cancellationToken)
    {
        var found = new List<StoredObjectName>();
        await foreach (var name in store.ListRecordingAsync(db.TenantId, recordingId, cancellationToken))
        {
            if (objects.Contains(name.ObjectId))
                found.Add(name);
        }

        try
        {
            await store.DeleteAsync(found, cancellationToken);
            return true;
        }
        catch (Exception refused) when (StoreRefusals.Is(refused))
        {
            return false;
        }
    }

    /// <summary>What is left in the store keeps the rows that know it; nothing else waits for that.</summary>
    private async Task EndAsync(RecordingMove move, MoveState after, bool hasLeftovers, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        var now = time.Now();
        var (ended, again) = (move.EndedAt ?? now, now + LeftoversAgain);
        if (!hasLeftovers)
            await db.MovedAssets.Where(asset => asset.MoveId == move.Id).ExecuteDeleteAsync(cancellationToken);
        var before = after == MoveState.Done ? MoveState.Moved : MoveState.GivingUp;
        await db.RecordingMoves.Where(row => row.Id == move.Id && (row.State == before || row.State == after))
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, after).SetProperty(row => row.EndedAt, ended).SetProperty(row => row.HasLeftovers, hasLeftovers).SetProperty(row => row.DueAt, again), cancellationToken);
    }
}
