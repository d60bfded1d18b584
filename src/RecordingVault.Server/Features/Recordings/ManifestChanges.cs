using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>An asset whose segments are all in the store, and the name that its file had.</summary>
internal sealed record NewAsset(Guid RecordingId, ManifestAsset Asset, string? FileName);

/// <summary>
/// The one way to change what a recording consists of: the new manifest is put first, and the transaction that names it in the row is the commit
/// (sealed-format.md, order of writes). Whatever else must become true with it is done in the same transaction.
/// </summary>
internal sealed class ManifestChanges(VaultDbContext db, SealedStore store, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    private const int MostTries = 64;

    /// <summary>Adds an asset. Two that come at once both get in: the later one is put anew over the earlier one's manifest.</summary>
    /// <param name="alongside">Runs inside the transaction, each time anew, before it is saved.</param>
    /// <exception cref="RecordingGoneException">The recording is not there any more.</exception>
    public async Task<ManifestCommit> AddAsync(NewAsset added, OwnerKey key, Actor actor, Func<Task> alongside, CancellationToken cancellationToken)
    {
        (Manifest Manifest, ManifestCommit Commit)? put = null;
        for (var tries = 1; ; tries++)
        {
            db.ChangeTracker.Clear();
            var recording = await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == added.RecordingId, cancellationToken) ?? throw new RecordingGoneException();
            // A manifest that was put before a try that failed for another reason still follows the committed one: it is taken as it is.
            if (put is not { } ready || ready.Manifest.Sequence != recording.ManifestSequence + 1)
            {
                var manifest = await NextAsync(recording, added.Asset, key, cancellationToken);
                put = ready = (manifest, await store.PutManifestAsync(key, manifest, cancellationToken));
            }

            try
            {
                await CommitAsync(recording, ready.Manifest, ready.Commit, added, key, actor, alongside, cancellationToken);
                jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
                return ready.Commit;
            }
            catch (DbUpdateConcurrencyException) when (tries < MostTries)
            {
                // Somebody changed the recording between reading and writing it: look again.
            }
        }
    }

    private async Task<Manifest> NextAsync(Recording recording, ManifestAsset asset, OwnerKey key, CancellationToken cancellationToken)
    {
        var before = recording.Manifest is { } committed ? await store.OpenManifestAsync(key, committed, cancellationToken) : null;
        return new Manifest(recording.TenantId, recording.Id, recording.ManifestSequence + 1, recording.Manifest?.Digest, [.. before?.Assets ?? [], asset]);
    }

    private async Task CommitAsync(
        Recording recording, Manifest manifest, ManifestCommit commit, NewAsset added, OwnerKey key, Actor actor, Func<Task> alongside, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        recording.Commit(commit, manifest.Assets.Sum(asset => asset.Length), time.Now());
        var asset = added.Asset;
        db.RecordingAssets.Add(new RecordingAsset
        {
            TenantId = recording.TenantId,
            Id = asset.Id,
            RecordingId = recording.Id,
            Role = asset.Role,
            MediaType = asset.MediaType,
            SizeInBytes = asset.Length,
            FileName = added.FileName is { } name ? SealedText.Seal(key, recording.TenantId, asset.Id, RecordingAsset.FileNameColumn, name) : null,
        });
        await alongside();
        await audit.AppendAsync(
            new AuditEntry("manifest.committed", actor, AuditTargetKind.Recording, recording.Id)
            {
                ChangesPermission = true,
                Fields = [("manifest.sequence", $"{commit.Sequence}"), ("manifest.digest", Convert.ToHexStringLower(commit.Digest.Span))],
            },
            cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>The recording was removed while something was being added to it.</summary>
internal sealed class RecordingGoneException() : Exception("The recording is not there any more.");
