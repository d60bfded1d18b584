using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Finishing;

/// <summary>
/// Deletes what lies in the store under a recording and stands in no row and no manifest: segments that were put when the process died before
/// their row, tails that were replaced, manifests that were never committed. Only what is older than a day: no request holds anything so long.
/// </summary>
internal sealed class OrphanSweep(VaultDbContext db, SealedStore store, TenantKeys keys, ManifestRestating restating, IEnumerable<IUnboundObjects> others, TimeProvider time)
{
    private static readonly TimeSpan LongestHeld = TimeSpan.FromDays(1);

    /// <summary>What is a manifest, is bound by one, or by a row; the rest (cards) stands for itself.</summary>
    private static readonly HashSet<ObjectRole> Bound =
    [
        ObjectRole.Manifest, ObjectRole.OriginalSegment, ObjectRole.Captions, ObjectRole.Transcript, ObjectRole.Chat,
        ObjectRole.Rendition, ObjectRole.Poster, ObjectRole.Thumbnails, ObjectRole.Waveform, ObjectRole.SearchWords, ObjectRole.Layout,
        ObjectRole.MarkedFront,
    ];

    public async Task RunAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        // Listed first: what is committed while we look is then known.
        var old = await ListOldAsync(recordingId, cancellationToken);
        if (old.Count == 0 || await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId, cancellationToken) is not { } recording)
            return;
        foreach (var other in others)
        {
            if (await other.AreThereAsync(recordingId, cancellationToken))
                return; // looked at again when that is over
        }

        if (old.Exists(found => found.Role == ObjectRole.Manifest && ManifestRestating.IsAbove(found, recording)))
        {
            await restating.RunAsync(recordingId, cancellationToken);
            recording = await db.Recordings.AsNoTracking().SingleAsync(row => row.Id == recordingId, cancellationToken);
        }

        var known = await KnownSegmentsAsync(recording, cancellationToken);
        // Manifests first: what is killed midway leaves none that names what is gone.
        foreach (var found in old.OrderByDescending(found => found.Role == ObjectRole.Manifest))
        {
            var isOrphan = found.Role == ObjectRole.Manifest
                ? found.Sequence > recording.ManifestSequence || (found.Sequence == recording.ManifestSequence && found.ObjectId != recording.ManifestObjectId)
                : !known.Contains(found.ObjectId);
            if (isOrphan)
                await store.DeleteAsync(found, cancellationToken);
        }
    }

    private async Task<List<StoredObjectName>> ListOldAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var before = time.Now() - LongestHeld;
        var old = new List<StoredObjectName>();
        await foreach (var found in store.ListRecordingAsync(db.TenantId, recordingId, cancellationToken))
        {
            if (Bound.Contains(found.Role) && found.LastModified < before)
                old.Add(found);
        }

        return old;
    }

    private async Task<HashSet<Guid>> KnownSegmentsAsync(Recording recording, CancellationToken cancellationToken)
    {
        var uploads = db.Uploads.Where(upload => upload.RecordingId == recording.Id).Select(upload => upload.Id);
        var known = await db.UploadSegments.Where(segment => uploads.Contains(segment.UploadId)).Select(segment => segment.ObjectId).ToHashSetAsync(cancellationToken);
        known.UnionWith(await db.StoredFronts.Where(front => front.RecordingId == recording.Id && front.ObjectId != null).Select(front => front.ObjectId!.Value).ToListAsync(cancellationToken));
        if (recording.Manifest is { } commit)
        {
            using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
            var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
            known.UnionWith(manifest.Assets.SelectMany(asset => asset.Segments).Select(segment => segment.ObjectId));
            var copies = await db.RecipientCopies.AsNoTracking().Where(copy => copy.RecordingId == recording.Id && copy.Parts != null).ToListAsync(cancellationToken);
            known.UnionWith(copies.SelectMany(copy => CopyParts.Of(copy, key)?.Objects() ?? []).Select(one => one.ObjectId));
        }

        return known;
    }
}
