using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>
/// Seals every file of a move under the other recording's key and reads it back: only what has the same digest as the file that it was read from is verified. Each piece has
/// its row before the next one is read, so that a killed run costs one piece of 4 MiB.
/// </summary>
internal sealed class MoveSealing(VaultDbContext db, TenantKeys keys, SealedStore store, AssetResealing resealing, MovePlan plan, MoveRows rows)
{
    /// <returns>False where it stopped in the midst, for others to come to their turn.</returns>
    /// <exception cref="SealedFormatException">What is stored of a file is damaged, or what was sealed anew is not the same.</exception>
    /// <exception cref="MoveLostException">The move is somebody else's now.</exception>
    public async Task<bool> RunAsync(RecordingMove move, MoveClaim claim, MoveSlice slice, CancellationToken cancellationToken)
    {
        await plan.AddAsync(move, await plan.MissingAsync(move, cancellationToken), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        var from = await db.Recordings.AsNoTracking().SingleAsync(recording => recording.Id == move.FromId, cancellationToken);
        using var oldKey = await keys.RecordingKeyAsync(move.FromId, cancellationToken);
        using var newKey = await keys.RecordingKeyAsync(move.ToId, cancellationToken);
        var bound = (await store.OpenManifestAsync(oldKey, from.Manifest!, cancellationToken)).Assets.ToDictionary(asset => asset.Id);
        var planned = await plan.ListAsync(move, cancellationToken);
        var run = new Run(claim, slice, oldKey, newKey) { Total = 2 * planned.Sum(asset => bound[asset.OldId].Length) };
        foreach (var asset in planned)
        {
            var old = bound[asset.OldId];
            if (asset.IsVerified)
                run.Done += 2 * old.Length;
            else if (slice.IsOver || !await SealAsync(run, asset, old, cancellationToken))
                return false;
        }

        return true;
    }

    /// <summary>The file as a manifest will list it under its new recording.</summary>
    public async Task<ManifestAsset> NewAsync(MovedAsset asset, ManifestAsset old, CancellationToken cancellationToken)
    {
        var segments = await db.MovedSegments.AsNoTracking().Where(segment => segment.MovedAssetId == asset.Id).OrderBy(segment => segment.Ordinal).ToListAsync(cancellationToken);
        return new ManifestAsset(asset.Id, old.Role, old.MediaType, segments.Sum(segment => (long)segment.PlaintextLength), [.. segments.Select(segment => segment.Ref)]);
    }

    private async Task<bool> SealAsync(Run run, MovedAsset asset, ManifestAsset old, CancellationToken cancellationToken)
    {
        var lengths = await db.MovedSegments.Where(segment => segment.MovedAssetId == asset.Id).Select(segment => (long)segment.PlaintextLength).ToListAsync(cancellationToken);
        var (ordinal, offset) = (lengths.Count, lengths.Sum());
        run.Done += offset;
        while (offset < old.Length)
        {
            var segment = await resealing.SealAsync(run.OldKey, old, offset, run.NewKey, cancellationToken);
            await ProgressAsync(run, segment.PlaintextLength, cancellationToken);
            await KeepAsync(asset, ordinal++, segment, cancellationToken);
            offset += segment.PlaintextLength;
            if (run.Slice.IsOver)
                return false;
        }

        await VerifyAsync(run, asset, old, cancellationToken);
        return true;
    }

    private async Task KeepAsync(MovedAsset asset, int ordinal, SegmentRef segment, CancellationToken cancellationToken)
    {
        db.MovedSegments.Add(new MovedSegment
        {
            TenantId = asset.TenantId,
            Id = Guid.CreateVersion7(),
            MovedAssetId = asset.Id,
            Ordinal = ordinal,
            ObjectId = segment.ObjectId,
            Salt = segment.Salt.ToArray(),
            PlaintextLength = segment.PlaintextLength,
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException refused) when (refused.IsUniqueViolation())
        {
            throw new MoveLostException(); // somebody else, who took this run for gone, has sealed the same piece
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task VerifyAsync(Run run, MovedAsset asset, ManifestAsset old, CancellationToken cancellationToken)
    {
        var sealedAnew = await NewAsync(asset, old, cancellationToken);
        // Known already of an original: then the file is not read once more.
        var known = await db.RecordingAssets.AsNoTracking().Where(row => row.Id == asset.OldId).Select(row => row.ContentDigest).SingleOrDefaultAsync(cancellationToken);
        var expected = known?.Open(run.OldKey, asset.TenantId, asset.OldId, RecordingAsset.ContentDigestColumn)
            ?? await resealing.DigestAsync(run.OldKey, old, _ => ProgressAsync(run, 0, cancellationToken), cancellationToken);
        var found = await resealing.DigestAsync(run.NewKey, sealedAnew, bytes => ProgressAsync(run, bytes, cancellationToken), cancellationToken);
        if (found != expected || sealedAnew.Length != old.Length)
            throw new SealedFormatException(FormatFailure.WrongDigest, "What was sealed anew has another digest than the file that it was read from.");
        await db.MovedAssets.Where(row => row.Id == asset.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsVerified, true), cancellationToken);
    }

    private async Task ProgressAsync(Run run, long bytes, CancellationToken cancellationToken)
    {
        run.Done += bytes;
        run.Claim.Percent = run.Percent;
        await run.Claim.RenewAsync(rows, cancellationToken);
    }

    private sealed class Run(MoveClaim claim, MoveSlice slice, OwnerKey oldKey, OwnerKey newKey)
    {
        public MoveClaim Claim { get; } = claim;

        public MoveSlice Slice { get; } = slice;

        public OwnerKey OldKey { get; } = oldKey;

        public OwnerKey NewKey { get; } = newKey;

        /// <summary>Bytes to seal and to read back, together.</summary>
        public required long Total { get; init; }

        public long Done { get; set; }

        public int Percent => Total == 0 ? 0 : (int)Math.Clamp(100 * Done / Total, 0, 100);
    }
}
