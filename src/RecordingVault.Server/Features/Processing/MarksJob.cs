using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Carriers;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>
/// Reads the marks that a recording's files came in with, through their sealed streams, and keeps what they say: it can only make the use of the recording stricter.
/// Until a file was read it counts as one that prohibits all, so nothing that is lost here loosens anything.
/// </summary>
internal sealed class MarksJob(VaultDbContext db, TenantKeys keys, SealedStore store) : ITenantJob
{
    public static string Name => "marks";

    public static string Queue => JobQueue.Whole;

    /// <summary>Files that came in and whose marks nobody has read. What the vault made itself came out of them.</summary>
    public static IQueryable<RecordingAsset> Due(VaultDbContext db) =>
        db.RecordingAssets.Where(asset => asset.DerivedFrom == null && !db.AssetMarks.Any(marks => marks.Id == asset.Id));

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == subjectId && !recording.IsBeingDestroyed, cancellationToken);
        var due = await Due(db).AsNoTracking().Where(asset => asset.RecordingId == subjectId).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
        if (recording?.Manifest is not { } commit || due.Count == 0)
            return;

        using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
        var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
        SealedFormatException? damage = null;
        foreach (var asset in due)
        {
            if (manifest.Assets.SingleOrDefault(entry => entry.Id == asset.Id) is not { } held)
                continue; // committed since, or moved away: the next nudge is on its way
            try
            {
                using var reader = store.OpenAsset(key, recording.TenantId, recording.Id, held);
                using var bytes = new AssetBytes(reader);
                db.AssetMarks.Add(AssetMarks.Of(asset, await FileMarks.FindAsync(bytes, asset.MediaType, cancellationToken), key));
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (SealedFormatException found)
            {
                damage ??= found; // a file that is damaged must not keep the others from being read
            }
            catch (DbUpdateException)
            {
                // Another node read it in the same moment, or it is gone: the rows say which, and the sweep looks again.
            }

            db.ChangeTracker.Clear();
        }

        if (damage is not null)
            throw damage;
    }
}
