using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

/// <summary>A folder with one tenant and one recording in it, their keys at hand.</summary>
internal sealed class OpenVault : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();

    public OpenVault()
    {
        Counting = new CountingStore(FolderObjectStore.Open(folder.Path));
        Store = new SealedStore(Counting, TimeProvider.System);
        (TenantKey, TenantWrap) = KeyHierarchy.NewTenantKey(Root, Guid.NewGuid());
        (Key, KeyWrap) = KeyHierarchy.NewOwnerKey(TenantKey, KeyKind.Recording, Guid.NewGuid());
    }

    public string Path => folder.Path;

    public CountingStore Counting { get; }

    public SealedStore Store { get; }

    public RootKey Root { get; } = RootKey.Generate();

    public TenantKey TenantKey { get; }

    public WrappedKey TenantWrap { get; }

    public OwnerKey Key { get; }

    public WrappedKey KeyWrap { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An original whose segments have these lengths, and its bytes.</summary>
    public async Task<(ManifestAsset Asset, byte[] Content)> PutOriginalAsync(params int[] segmentLengths)
    {
        var content = Counted(segmentLengths.Sum());
        List<SegmentRef> segments = [];
        var at = 0;
        foreach (var length in segmentLengths)
        {
            segments.Add(await Store.PutObjectAsync(Key, ObjectRole.OriginalSegment, content.AsMemory(at, length), Cancellation));
            at += length;
        }
        return (new ManifestAsset(Guid.NewGuid(), ObjectRole.OriginalSegment, "video/mp4", content.Length, segments), content);
    }

    public Manifest NewManifest(params ManifestAsset[] assets) => new(Key.TenantId, Key.OwnerId, 1, null, assets);

    public AssetReader Open(ManifestAsset asset) => Store.OpenAsset(Key, Key.TenantId, Key.OwnerId, asset);

    /// <summary>The one file in the folder whose name ends so.</summary>
    public string FileOf(Guid objectId) => Directory.EnumerateFiles(Path, $"*{objectId}", SearchOption.AllDirectories).Single();

    // Each place has its own bytes, so that a wrong offset shows.
    public static byte[] Counted(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(i ^ (i >> 8) ^ (i >> 16));
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        Key.Dispose();
        TenantKey.Dispose();
        Root.Dispose();
        await Store.DisposeAsync();
        folder.Dispose();
    }
}
