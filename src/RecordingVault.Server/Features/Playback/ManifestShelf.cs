using Microsoft.Extensions.Caching.Memory;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// Opened manifests, so that a seek in a long recording does not read its list of segments again. They hold ids, salts and lengths and no content;
/// without the recording's key, which the gate asks for each time, they open nothing. 64 MiB a node, ten idle minutes.
/// </summary>
internal sealed class ManifestShelf(SealedStore store) : IDisposable
{
    private const long Capacity = 64 * 1024 * 1024;
    private const long BytesPerSegment = 160;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);
    private readonly MemoryCache shelf = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public async Task<Manifest> OpenAsync(OwnerKey key, ManifestCommit commit, CancellationToken cancellationToken)
    {
        var place = new Place(key.TenantId, key.OwnerId, commit.ObjectId);
        if (shelf.TryGetValue(place, out Manifest? found) && found is not null)
            return found;
        var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
        shelf.Set(place, manifest, new MemoryCacheEntryOptions { SlidingExpiration = IdleLimit, Size = 1024 + manifest.Assets.Sum(asset => BytesPerSegment * (1 + asset.Segments.Count)) });
        return manifest;
    }

    public void Dispose() => shelf.Dispose();

    private readonly record struct Place(Guid TenantId, Guid RecordingId, Guid ManifestId);
}
