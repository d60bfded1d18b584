using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Reads a recording's originals once each and keeps its SHA-256 sealed: what the seal is drawn from, and what receipts carry (security.md 3).</summary>
internal sealed class DigestJob(VaultDbContext db, TenantKeys keys, SealedStore store) : ITenantJob
{
    public static string Name => "digest";

    public static string Queue => JobQueue.Digest;

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == subjectId && !recording.IsBeingDestroyed, cancellationToken);
        var due = await db.RecordingAssets
            .Where(asset => asset.RecordingId == subjectId && asset.Role == ObjectRole.OriginalSegment && (asset.ContentDigest == null || asset.ContentKey == null))
            .OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
        if (recording?.Manifest is not { } commit || due.Count == 0)
            return;

        using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
        var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
        using var tenantKey = await keys.DataKeyAsync(cancellationToken);
        SealedFormatException? damage = null;
        foreach (var asset in due)
        {
            try
            {
                var digest = Convert.ToHexStringLower(await DigestAsync(key, recording, manifest.Assets.Single(entry => entry.Id == asset.Id), cancellationToken));
                asset.ContentDigest = SealedText.Seal(key, asset.TenantId, asset.Id, RecordingAsset.ContentDigestColumn, digest);
                asset.ContentKey = KeyedDigest.Compute(tenantKey, RecordingAsset.ContentDigestColumn, digest);
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (SealedFormatException found)
            {
                damage ??= found; // a file that is damaged must not keep the others from theirs
            }
        }

        if (damage is not null)
            throw damage;
    }

    private async Task<byte[]> DigestAsync(OwnerKey key, Recording recording, ManifestAsset asset, CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        await using var sink = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write);
        using var reader = store.OpenAsset(key, recording.TenantId, recording.Id, asset);
        await using var whole = await reader.OpenRangeAsync(0, reader.Length, cancellationToken);
        await whole.CopyToAsync(sink, cancellationToken);
        await sink.FlushFinalBlockAsync(cancellationToken);
        return sha256.Hash!;
    }
}
