using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Laying;

/// <summary>Opens sealed layouts for whoever sends files. It reads their head and one front, which are ours; of the file itself it reads nothing.</summary>
internal sealed class StoredLayouts(VaultDbContext db, SealedStore store, MediaSandbox sandbox, LayoutDamage damaged, PublicAddress address, JobQueue jobs, TimeProvider time) : IStoredLayouts
{
    public void Nudge(Guid recordingId) => jobs.Nudge<LayoutJob>(db.TenantId, recordingId);

    public async Task<bool> AwaitsCopyAsync(Guid assetId, CancellationToken cancellationToken)
    {
        if (!await sandbox.IsOnAsync())
            return false;
        var row = await db.AssetProcessings.AsNoTracking().SingleOrDefaultAsync(row => row.Id == assetId, cancellationToken);
        return row is null || ((row.State == ProcessingState.Waiting && row.Tries < ProcessingRows.MostTries) || (row.State == ProcessingState.Running && row.ClaimedUntil >= time.Now()));
    }

    public FormatFailure? DamageOf(Guid assetId) => damaged.Of(db.TenantId, assetId);

    public async Task<ServedMark> OpenAsync(OwnerKey key, ManifestAsset stored, UsageTag tag, CancellationToken cancellationToken)
    {
        using var reader = store.OpenAsset(key, key.TenantId, key.OwnerId, stored);
        try
        {
            var head = MarkedLayout.HeadLength(await ReadAsync(reader, 0, 8, cancellationToken));
            var layout = MarkedLayout.Read(await ReadAsync(reader, 0, head, cancellationToken), reader.Length);
            if (layout.FrontOf(tag) is not { } laid)
                throw new MarkFailedException("The layout has no front for this tag.");
            var front = new byte[layout.FrontLength];
            var used = await ReadAsync(reader, laid.Offset, laid.Used, cancellationToken);
            used.CopyTo(front, 0);
            front.AsSpan(used.Length).Fill(laid.Filler);
            if (!SHA256.HashData(front).AsSpan().SequenceEqual(laid.Digest.Span) || !await MarkedFront.SaysAsync(layout.Carrier, front, tag, cancellationToken))
                throw new MarkFailedException("The front does not say the tag in force.");
            // The address that it names is the vault's own, which may have another name by now.
            var stated = await RestatedFront.OfAsync(layout.Carrier, front, tag, LayoutMaking.StatementOf(address, key.TenantId), cancellationToken);
            return stated.Span.SequenceEqual(front) ? new ServedMark(layout, tag, used, laid.Filler, laid.Digest)
                : new ServedMark(layout, tag, stated[..(stated.Span.LastIndexOfAnyExcept(stated.Span[^1]) + 1)], stated.Span[^1], SHA256.HashData(stated.Span));
        }
        catch (InvalidDataException broken)
        {
            throw new MarkFailedException(broken.Message);
        }
    }

    private static async Task<byte[]> ReadAsync(AssetReader reader, long offset, int length, CancellationToken cancellationToken)
    {
        if (length > reader.Length - offset)
            throw new InvalidDataException("The layout is not whole.");
        var bytes = new byte[length];
        using var into = new MemoryStream(bytes);
        await using var range = await reader.OpenRangeAsync(offset, length, cancellationToken);
        await range.CopyToAsync(into, cancellationToken);
        return bytes;
    }
}
