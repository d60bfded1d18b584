using System.Buffers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Fronts;

/// <summary>
/// Makes the front with both marks that a file is downloaded with: reads it once to bind the manifest to it, and once more as it will leave, to check that and to have its digest. Nothing of
/// it is held; the front is sealed under the recording's key, and a row says what it is good for. Killed anywhere, it is made anew when somebody asks.
/// </summary>
internal sealed class FrontMaking(
    VaultDbContext db, TenantKeys keys, SealedStore store, UsageReading usage, IStoredLayouts layouts, IStoredFronts stored, SignedFronts fronts, LayoutDamage damaged, TimeProvider time)
{
    private const int Step = 1 << 20;

    /// <exception cref="SealedFormatException">What is stored of the file is damaged.</exception>
    /// <exception cref="MarkFailedException">The front that it is made from does not say the tag in force.</exception>
    public async Task RunAsync(Guid assetId, CancellationToken cancellationToken)
    {
        if (await db.RecordingAssets.AsNoTracking().SingleOrDefaultAsync(asset => asset.Id == assetId, cancellationToken) is not { } asset || !SignedFront.Takes(asset.MediaType))
            return;
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == asset.RecordingId && !recording.IsBeingDestroyed, cancellationToken);
        var laid = await db.RecordingAssets.AsNoTracking().Where(made => made.DerivedFrom == asset.Id && made.Role == ObjectRole.Layout && made.MediaType == LayoutMedia.LaidOut)
            .Select(made => (Guid?)made.Id).FirstOrDefaultAsync(cancellationToken);
        if (recording?.Manifest is not { } commit || laid is null)
            return;
        using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
        var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
        if (manifest.Assets.SingleOrDefault(entry => entry.Id == asset.Id) is not { } file || manifest.Assets.SingleOrDefault(entry => entry.Id == laid) is not { } layout)
            return;
        var plain = await layouts.OpenAsync(key, layout, (await usage.OfAsync(recording, cancellationToken)).Tag, cancellationToken);
        // Asked for by many at once, it is made once.
        if (await stored.FindAsync(recording.Id, asset.Id, plain, cancellationToken) is not null)
            return;
        try
        {
            var made = await SignAsync(key, file, layout, plain, cancellationToken);
            await KeepAsync(key, asset, plain, made, cancellationToken);
        }
        catch (SealedFormatException found)
        {
            damaged.Note(asset.TenantId, asset.Id, found.Failure);
            throw;
        }
    }

    /// <summary>Null where the file can't be signed: its own manifest leaves no room, or what was written does not read back.</summary>
    /// <param name="plain">What a view leaves with.</param>
    public async Task<MadeFront?> SignAsync(OwnerKey key, ManifestAsset file, ManifestAsset layout, ServedMark plain, CancellationToken cancellationToken)
    {
        using var fileReader = store.OpenAsset(key, key.TenantId, key.OwnerId, file);
        using var layoutReader = store.OpenAsset(key, key.TenantId, key.OwnerId, layout);
        using var source = new AssetBytes(fileReader);
        using var laid = new AssetBytes(layoutReader);
        var front = new byte[plain.Layout.FrontLength];
        plain.Front.CopyTo(front);
        front.AsSpan(plain.Front.Length).Fill(plain.Filler);
        var place = new LaidFile(plain.Layout, source, laid, front).Place;
        if (await fronts.MakeAsync(place, source, file.MediaType, plain.Tag, cancellationToken) is not { } signed)
            return null;
        return await DigestAsync(place.With(signed.Front), file.MediaType, plain.Tag, signed, cancellationToken) is { } digest ? new MadeFront(signed.Front, digest) : null;
    }

    /// <summary>SHA-256 of the file as it will leave; null where its marks or its binding are not right.</summary>
    private static async Task<byte[]?> DigestAsync(IByteSource whole, string mediaType, UsageTag tag, SignedCopy signed, CancellationToken cancellationToken)
    {
        using var check = await SignedCheck.BeginAsync(whole, mediaType, tag, signed.Certificate, cancellationToken);
        if (check is null)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Step);
        try
        {
            for (long offset = 0; offset < whole.Length; offset += Step)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(Step, whole.Length - offset));
                await whole.ReadAsync(offset, part, cancellationToken);
                check.Append(part.Span);
                hash.AppendData(part.Span);
            }
        }
        finally
        {
            // What was read is somebody's recording.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return check.IsBound() ? hash.GetHashAndReset() : null;
    }

    private async Task KeepAsync(OwnerKey key, RecordingAsset asset, ServedMark plain, MadeFront? made, CancellationToken cancellationToken)
    {
        var front = made is null ? null : await store.PutWholeAsync(key, ObjectRole.MarkedFront, new MemoryStream(made.Front.ToArray(), writable: false), cancellationToken);
        var row = new StoredFront
        {
            TenantId = asset.TenantId,
            Id = asset.Id,
            RecordingId = asset.RecordingId,
            Tag = plain.Tag.Name,
            PlainDigest = plain.Digest.ToArray(),
            ObjectId = front?.ObjectId,
            FrontDigest = made is null ? null : SHA256.HashData(made.Front.Span),
            FileDigest = made?.Digest,
            MadeAt = time.Now(),
        };
        var before = await ReplaceAsync(row, cancellationToken);
        // The one that is outdated; or this one, where nobody needs it: killed before, a sweep finds it without a row.
        var over = before.IsKept ? before.Outdated : front?.ObjectId;
        if (over is { } objectId)
            await store.DeleteSegmentAsync(asset.TenantId, asset.RecordingId, ObjectRole.MarkedFront, objectId, cancellationToken);
    }

    /// <summary>Puts the row in the place of the one that was there.</summary>
    private async Task<(bool IsKept, Guid? Outdated)> ReplaceAsync(StoredFront row, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var isThere = await db.Recordings.AnyAsync(recording => recording.Id == row.RecordingId && !recording.IsBeingDestroyed, cancellationToken)
            && await db.RecordingAssets.AnyAsync(asset => asset.Id == row.Id && asset.RecordingId == row.RecordingId, cancellationToken);
        if (!isThere)
            return (false, null);
        var outdated = await db.StoredFronts.AsNoTracking().Where(front => front.Id == row.Id).Select(front => front.ObjectId).SingleOrDefaultAsync(cancellationToken);
        await db.StoredFronts.Where(front => front.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        db.StoredFronts.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (true, outdated);
        }
        catch (DbUpdateException)
        {
            return (false, null); // another node made it in the same moment, or the file is gone
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

}

/// <param name="Digest">SHA-256 of the whole file that leaves with it.</param>
internal sealed record MadeFront(ReadOnlyMemory<byte> Front, byte[] Digest);
