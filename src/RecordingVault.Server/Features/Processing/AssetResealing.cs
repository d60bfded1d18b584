using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Seals what one recording holds anew under another's key, piece by piece. What it reads goes nowhere else: a recording's key never leaves its recording.</summary>
internal sealed class AssetResealing(SealedStore store)
{
    private const long DigestStep = 64L * 1024 * 1024;

    /// <summary>One segment, from an offset on, under another recording's key.</summary>
    public async Task<SegmentRef> SealAsync(OwnerKey from, ManifestAsset asset, long offset, OwnerKey to, CancellationToken cancellationToken)
    {
        using var reader = store.OpenAsset(from, from.TenantId, from.OwnerId, asset);
        return await store.CopySegmentAsync(reader, offset, (int)Math.Min(SegmentBuffer.Capacity, asset.Length - offset), to, asset.Role, cancellationToken);
    }

    /// <summary>SHA-256 of the whole content, lower-case hex.</summary>
    /// <param name="progress">Told how many bytes were read since it was told last.</param>
    public async Task<string> DigestAsync(OwnerKey key, ManifestAsset asset, Func<long, Task> progress, CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        await using var sink = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write);
        using var reader = store.OpenAsset(key, key.TenantId, key.OwnerId, asset);
        for (long offset = 0; offset < asset.Length; offset += DigestStep)
        {
            var length = Math.Min(DigestStep, asset.Length - offset);
            await using (var range = await reader.OpenRangeAsync(offset, length, cancellationToken))
                await range.CopyToAsync(sink, cancellationToken);
            await progress(length);
        }

        await sink.FlushFinalBlockAsync(cancellationToken);
        return Convert.ToHexStringLower(sha256.Hash!);
    }
}
