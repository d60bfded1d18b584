using System.Text;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Serving;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Laying;

/// <summary>
/// Lays out every file of a recording that leaves with a mark in it: reads it once through its sealed stream, within the limits of RecordingVault.Marks, and seals what has to be known
/// to send it. A file that can't be laid out has that sealed instead, and a copy is made of it that can.
/// </summary>
internal sealed class LayoutMaking(VaultDbContext db, TenantKeys keys, SealedStore store, ManifestChanges manifests, LayoutDamage damaged, PublicAddress address, JobQueue jobs)
{
    /// <summary>Files that play, of a kind that takes a mark, and that nobody has laid out.</summary>
    public static IQueryable<RecordingAsset> Due(VaultDbContext db)
    {
        var kinds = MarkCarriers.MediaTypes;
        return db.RecordingAssets.AsNoTracking().Where(asset => (asset.Role == ObjectRole.OriginalSegment || asset.Role == ObjectRole.Rendition) && kinds.Contains(asset.MediaType)
            && !db.RecordingAssets.Any(made => made.DerivedFrom == asset.Id && made.Role == ObjectRole.Layout));
    }

    /// <exception cref="SealedFormatException">What is stored of a file is damaged; the others were laid out.</exception>
    public async Task RunAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken);
        var due = await Due(db).Where(asset => asset.RecordingId == recordingId).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
        if (recording?.Manifest is not { } commit || due.Count == 0)
            return;
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
        SealedFormatException? damage = null;
        foreach (var asset in due)
        {
            // What joined since the recording was read is the next run's.
            if (manifest.Assets.SingleOrDefault(entry => entry.Id == asset.Id) is not { } file)
                continue;
            try
            {
                await LayOutAsync(asset, file, key, cancellationToken);
            }
            catch (SealedFormatException found)
            {
                damaged.Note(asset.TenantId, asset.Id, found.Failure);
                damage ??= found;
            }
        }

        if (damage is not null)
            throw damage;
    }

    private async Task LayOutAsync(RecordingAsset asset, ManifestAsset file, OwnerKey key, CancellationToken cancellationToken)
    {
        var made = await MakeAsync(asset, file, key, cancellationToken);
        var (bytes, mediaType) = made.Stored is { } laid ? (laid, LayoutMedia.LaidOut) : (Encoding.UTF8.GetBytes(made.Refusal ?? "it can't be laid out"), LayoutMedia.Refused);
        var stored = await store.PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Layout, mediaType, new MemoryStream(bytes), cancellationToken);
        try
        {
            await manifests.AddAsync(
                asset.RecordingId, [new NewAsset(stored) { DerivedFrom = asset.Id }], key, Actor.System, () => RequireNoneAsync(asset, cancellationToken), cancellationToken);
        }
        catch (Exception gone) when (gone is RecordingGoneException or LaidOutException)
        {
            // Destroyed or moved meanwhile, or another run was first: nobody needs this one.
            foreach (var segment in stored.Segments)
                await store.DeleteSegmentAsync(asset.TenantId, asset.RecordingId, ObjectRole.Layout, segment.ObjectId, cancellationToken);
            return;
        }

        if (made.Stored is null && asset.Role == ObjectRole.OriginalSegment)
            await AskForCopyAsync(asset, cancellationToken);
    }

    private async Task<LayoutOutcome> MakeAsync(RecordingAsset asset, ManifestAsset file, OwnerKey key, CancellationToken cancellationToken)
    {
        using var reader = store.OpenAsset(key, asset.TenantId, asset.RecordingId, file);
        using var bytes = new AssetBytes(reader);
        return await LayoutWriter.MakeAsync(bytes, asset.MediaType, StatementOf(address, asset.TenantId), cancellationToken);
    }

    /// <summary>Where an organisation says what its recordings are used for; null where the vault does not know its own address.</summary>
    public static Uri? StatementOf(PublicAddress address, Guid tenantId) => address.ConfiguredRoot is { } root ? new Uri($"{root}/t/{tenantId}/data-use") : null;

    /// <summary>Inside the transaction that adds it: of two runs at once one is first.</summary>
    private async Task RequireNoneAsync(RecordingAsset asset, CancellationToken cancellationToken)
    {
        if (await db.RecordingAssets.AnyAsync(made => made.Role == ObjectRole.Layout && made.DerivedFrom == asset.Id, cancellationToken))
            throw new LaidOutException();
    }

    /// <summary>What was processed before it was laid out, and played as it was, gets a copy now.</summary>
    private async Task AskForCopyAsync(RecordingAsset asset, CancellationToken cancellationToken)
    {
        var again = await db.AssetProcessings
            .Where(row => row.Id == asset.Id && row.State == ProcessingState.Done && !db.RecordingAssets.Any(made => made.DerivedFrom == asset.Id && made.Role == ObjectRole.Rendition))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, ProcessingState.Waiting).SetProperty(row => row.Tries, 0).SetProperty(row => row.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
        if (again > 0)
            jobs.Nudge<ProcessJob>(asset.TenantId, asset.RecordingId);
    }
}

/// <summary>Another run was first with the layout of a file.</summary>
internal sealed class LaidOutException() : Exception("The file is laid out already.");
