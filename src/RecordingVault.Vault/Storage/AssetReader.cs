using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// An asset that can be read from anywhere in it, through its manifest: only the chunks that a range needs are fetched. Holds its own copy of the
/// key until it is disposed; ranges may be read side by side.
/// </summary>
public sealed class AssetReader : IDisposable
{
    private readonly OwnerKey key;

    internal AssetReader(IObjectStore store, OwnerKey key, ManifestAsset asset)
    {
        Store = store;
        this.key = key;
        Asset = asset;
    }

    /// <summary>Bytes of plaintext.</summary>
    public long Length => Asset.Length;

    internal IObjectStore Store { get; }

    internal ManifestAsset Asset { get; }

    /// <summary>
    /// Fetches and verifies the first chunk before it returns, so that a damaged beginning can still be answered with an error.
    /// Throws <see cref="SealedFormatException"/> (missing, truncated, damaged) and <see cref="ArgumentOutOfRangeException"/>.
    /// </summary>
    public async Task<AssetRange> OpenRangeAsync(long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);

        var range = new AssetRange(this, offset, length);
        try
        {
            await range.OpenFirstChunkAsync(cancellationToken);
            return range;
        }
        catch
        {
            await range.DisposeAsync();
            throw;
        }
    }

    internal ChunkCipher DeriveCipher(SegmentRef segment)
    {
        Span<byte> keyedHeader = stackalloc byte[SealedHeader.KeyedLength];
        PlaceOf(segment).WriteKeyed(segment.Salt.Span, keyedHeader);
        return ObjectKey.Derive(key, keyedHeader);
    }

    internal ObjectName NameOf(SegmentRef segment) => ObjectNames.Object(PlaceOf(segment));

    /// <summary>Wipes the key. Ranges that are open read their current segment to its end and then fail.</summary>
    public void Dispose() => key.Dispose();

    private SealedHeader PlaceOf(SegmentRef segment) => new(Asset.Role, key.TenantId, key.OwnerId, segment.ObjectId);
}
