using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// Takes back a recording that never held anything: its only upload was ended. The key goes first, then the objects that it sealed (P7).
/// Disposing of a recording that did hold something is another matter, with holds and a certificate.
/// </summary>
internal sealed class RecordingRemoval(VaultDbContext db, TenantKeys keys, SealedStore store, IPeopleAnswers answers, IRecordingKeeping keeping, AuditLog audit)
{
    /// <summary>What is on hold stays, as empty as it is: somebody wants it to be there.</summary>
    public async Task<bool> HoldsNothingAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await db.Recordings.AnyAsync(recording => recording.Id == recordingId && recording.ManifestObjectId == null, cancellationToken)
        && !await db.RecordingAssets.AnyAsync(asset => asset.RecordingId == recordingId, cancellationToken)
        && await keeping.HoldAsync(recordingId, cancellationToken) is null;

    /// <summary>Removes the rows in the running transaction: recording, people, wraps of the key. The caller saves, commits, and then deletes the objects.</summary>
    public async Task RemoveRowsAsync(Guid recordingId, Actor actor, CancellationToken cancellationToken)
    {
        // The database lets records of consent go with a recording that is being destroyed, and else never.
        await db.Recordings.Where(recording => recording.Id == recordingId).ExecuteUpdateAsync(set => set.SetProperty(recording => recording.IsBeingDestroyed, true), cancellationToken);
        await answers.DeleteAsync(recordingId, cancellationToken);
        await db.Participants.Where(person => person.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
        await keeping.LetGoAsync(recordingId, cancellationToken);
        await keys.ForgetRecordingKeyAsync(recordingId, cancellationToken);
        db.Recordings.Remove(await db.Recordings.SingleAsync(recording => recording.Id == recordingId, cancellationToken));
        await audit.AppendAsync(new AuditEntry("recording.removed", actor, AuditTargetKind.Recording, recordingId) { ChangesPermission = true }, cancellationToken);
    }

    /// <summary>Deletes what the store has under the recording, its key objects first. Safe to run again.</summary>
    public async Task DeleteObjectsAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await keys.DeleteRecordingKeyObjectsAsync(recordingId, cancellationToken);
        await foreach (var found in store.ListRecordingAsync(db.TenantId, recordingId, cancellationToken))
            await store.DeleteAsync(found, cancellationToken);
    }
}
