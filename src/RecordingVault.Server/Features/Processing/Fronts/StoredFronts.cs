using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Serving;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Fronts;

/// <summary>Finds and opens signed fronts for whoever sends files to be kept.</summary>
internal sealed class StoredFronts(VaultDbContext db, SealedStore store, JobQueue jobs) : IStoredFronts
{
    public void Nudge(Guid assetId) => jobs.Nudge<SignFrontJob>(db.TenantId, assetId);

    public async Task<StoredFront?> FindAsync(Guid recordingId, Guid assetId, ServedMark plain, CancellationToken cancellationToken)
    {
        var (tag, digest) = (plain.Tag.Name, plain.Digest.ToArray());
        return await db.StoredFronts.AsNoTracking().SingleOrDefaultAsync(front => front.Id == assetId && front.RecordingId == recordingId && front.Tag == tag && front.PlainDigest == digest, cancellationToken);
    }

    public async Task<ServedMark> OpenAsync(OwnerKey key, StoredFront front, ServedMark plain, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(key, front, cancellationToken);
        if (bytes.Length != plain.Layout.FrontLength || !SHA256.HashData(bytes).AsSpan().SequenceEqual(front.FrontDigest) || !await MarkedFront.SaysAsync(plain.Layout.Carrier, bytes, plain.Tag, cancellationToken))
            throw new MarkFailedException("The signed front does not say the tag in force.");
        var filler = bytes[^1];
        return new ServedMark(plain.Layout, plain.Tag, bytes.AsMemory(0, bytes.AsSpan().LastIndexOfAnyExcept(filler) + 1), filler, front.FrontDigest) { Signed = new SignedAs(front.ObjectId!.Value, front.FileDigest) };
    }

    private async Task<byte[]> ReadAsync(OwnerKey key, StoredFront front, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        try
        {
            await store.CopyWholeAsync(key, ObjectRole.MarkedFront, front.ObjectId!.Value, bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (SealedFormatException)
        {
            // It can be made anew, unlike the file: damage of it is told once and not kept.
            await db.StoredFronts.Where(row => row.Id == front.Id && row.ObjectId == front.ObjectId).ExecuteDeleteAsync(cancellationToken);
            throw;
        }
    }
}
