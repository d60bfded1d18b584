using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// Where a change is given up, a manifest may lie in the store that was put for it and never committed, and whoever reads the store without the rows takes the newest one. So
/// the committed one is stated again above it, and the stray one deleted, before anything goes that only the stray one names (sealed-format.md, order of writes).
/// </summary>
internal sealed class ManifestRestating(VaultDbContext db, TenantKeys keys, SealedStore store, AuditLog audit, JobQueue jobs)
{
    private const int MostTries = 64;

    /// <summary>Nothing happens where no stray one lies, or no recording is.</summary>
    public async Task RunAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            db.ChangeTracker.Clear();
            var strays = await ListAsync(recordingId, cancellationToken);
            if (strays.Count == 0 || await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken) is not { } recording)
                return;
            strays.RemoveAll(stray => !IsAbove(stray, recording));
            if (strays.Count == 0)
                return;
            try
            {
                // Whoever has put one of them and was about to commit it finds that the recording has changed, and puts another above this.
                await CommitAsync(recording, cancellationToken);
                await DeleteAsync(strays, cancellationToken);
            }
            catch (DbUpdateConcurrencyException) when (tries < MostTries)
            {
                // Somebody changed the recording meanwhile: look again.
            }
        }
    }

    /// <summary>Whether a reader without the rows would take it before the committed one: by number, and of one number by id as it is written.</summary>
    public static bool IsAbove(StoredObjectName stray, Recording recording) =>
        stray.Sequence > recording.ManifestSequence
        || (stray.Sequence == recording.ManifestSequence && string.CompareOrdinal(stray.ObjectId.ToString(), recording.ManifestObjectId?.ToString()) > 0);

    private async Task<List<StoredObjectName>> ListAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var found = new List<StoredObjectName>();
        await foreach (var name in store.ListRecordingAsync(db.TenantId, recordingId, cancellationToken))
        {
            if (name.Role == ObjectRole.Manifest)
                found.Add(name);
        }

        return found;
    }

    private async Task CommitAsync(Recording recording, CancellationToken cancellationToken)
    {
        using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
        // Of a recording that had none: that it holds nothing.
        var assets = recording.Manifest is { } committed ? (await store.OpenManifestAsync(key, committed, cancellationToken)).Assets : [];
        var again = new Manifest(recording.TenantId, recording.Id, recording.ManifestSequence + 1, recording.Manifest?.Digest, assets);
        var put = await store.PutManifestAsync(key, again, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        recording.Restate(put);
        await audit.AppendAsync(
            new AuditEntry("manifest.committed", Actor.System, AuditTargetKind.Recording, recording.Id)
            {
                ChangesPermission = true,
                Fields = [("manifest.sequence", $"{put.Sequence}"), ("manifest.digest", Convert.ToHexStringLower(put.Digest.Span))],
            },
            cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
    }

    /// <summary>A store that does not let go of it keeps it below the one that counts.</summary>
    private async Task DeleteAsync(List<StoredObjectName> strays, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(strays, cancellationToken);
        }
        catch (Exception refused) when (StoreRefusals.Is(refused))
        {
            // Looked at again by the sweep of what nothing refers to.
        }
    }
}
