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
internal sealed record NewAsset(ManifestAsset Asset)
{
    /// <summary>As its uploader called it; null for what we made.</summary>
    public string? FileName { get; init; }

    /// <summary>The original that it was made from.</summary>
    public Guid? DerivedFrom { get; init; }

    /// <summary>Of captions.</summary>
    public string? Language { get; init; }
}

/// <summary>
/// The one way to change what a recording consists of: the new manifest is put first, and the transaction that names it in the row is the commit
/// (sealed-format.md, order of writes). Whatever else must become true with it is done in the same transaction.
/// </summary>
internal sealed class ManifestChanges(VaultDbContext db, SealedStore store, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    private const int MostTries = 64;

    /// <summary>Adds assets, all or none. Two that come at once both get in: the later one is put anew over the earlier one's manifest.</summary>
    /// <param name="alongside">Runs inside the transaction, each time anew, before it is saved.</param>
    /// <exception cref="RecordingGoneException">The recording is not there any more.</exception>
    public async Task<ManifestCommit> AddAsync(Guid recordingId, IReadOnlyList<NewAsset> added, OwnerKey key, Actor actor, Func<Task> alongside, CancellationToken cancellationToken)
    {
        (Manifest Manifest, ManifestCommit Commit)? put = null;
        for (var tries = 1; ; tries++)
        {
            db.ChangeTracker.Clear();
            var recording = await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == recordingId, cancellationToken) ?? throw new RecordingGoneException();
            // A manifest that was put before a try that failed for another reason still follows the committed one: it is taken as it is.
            if (put is not { } ready || ready.Manifest.Sequence != recording.ManifestSequence + 1)
            {
                var manifest = await NextAsync(recording, added, key, cancellationToken);
                put = ready = (manifest, await store.PutManifestAsync(key, manifest, cancellationToken));
            }

            try
            {
                await CommitAsync(recording, ready.Commit, added, key, actor, alongside, cancellationToken);
                jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
                return ready.Commit;
            }
            catch (DbUpdateConcurrencyException) when (tries < MostTries)
            {
                // Somebody changed the recording between reading and writing it: look again.
            }
        }
    }

    private async Task<Manifest> NextAsync(Recording recording, IReadOnlyList<NewAsset> added, OwnerKey key, CancellationToken cancellationToken)
    {
        var before = recording.Manifest is { } committed ? await store.OpenManifestAsync(key, committed, cancellationToken) : null;
        return new Manifest(recording.TenantId, recording.Id, recording.ManifestSequence + 1, recording.Manifest?.Digest, [.. before?.Assets ?? [], .. added.Select(one => one.Asset)]);
    }

    private async Task CommitAsync(
        Recording recording, ManifestCommit commit, IReadOnlyList<NewAsset> added, OwnerKey key, Actor actor, Func<Task> alongside, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RequireOriginalsAsync(recording.Id, added, cancellationToken);
        recording.Commit(commit, added.Where(one => one.DerivedFrom is null).Sum(one => one.Asset.Length), time.Now());
        db.RecordingAssets.AddRange(added.Select(one => new RecordingAsset
        {
            TenantId = recording.TenantId,
            Id = one.Asset.Id,
            RecordingId = recording.Id,
            Role = one.Asset.Role,
            MediaType = one.Asset.MediaType,
            SizeInBytes = one.Asset.Length,
            FileName = one.FileName is { } name ? SealedText.Seal(key, recording.TenantId, one.Asset.Id, RecordingAsset.FileNameColumn, name) : null,
            DerivedFrom = one.DerivedFrom,
            Language = one.Language,
        }));
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

    /// <summary>What was made from a file that has moved into another recording meanwhile must not be left behind.</summary>
    private async Task RequireOriginalsAsync(Guid recordingId, IReadOnlyList<NewAsset> added, CancellationToken cancellationToken)
    {
        var from = added.Select(one => one.DerivedFrom).OfType<Guid>().Distinct().ToList();
        if (from.Count > 0 && await db.RecordingAssets.CountAsync(asset => asset.RecordingId == recordingId && from.Contains(asset.Id), cancellationToken) < from.Count)
            throw new RecordingGoneException();
    }
}

/// <summary>The recording was removed while something was being added to it, or the file that it was made from is in another one now.</summary>
internal sealed class RecordingGoneException() : Exception("The recording, or the file that this was made from, is not there any more.");
