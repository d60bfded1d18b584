using System.IO.Pipelines;
using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class RoundTripTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SealedStore store = null!;
    private OwnerKey key = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        store = SealedStore.OpenFolder(folder.Path);
        using var root = RootKey.Generate();
        using var tenantKey = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        key = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Recording, Guid.NewGuid()).Key;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        key.Dispose();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(SegmentBuffer.Capacity)]
    [InlineData(SegmentBuffer.Capacity + 1)]
    [InlineData((3 * SegmentBuffer.Capacity) - 17)]
    public async Task What_was_sealed_comes_back_through_the_manifest(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var asset = await store.PutAssetAsync(key, Guid.NewGuid(), ObjectRole.OriginalSegment, "video/mp4", new MemoryStream(content), Cancellation);
        var commit = await store.PutManifestAsync(key, new Manifest(key.TenantId, key.OwnerId, 1, null, [asset]), Cancellation);

        var manifest = await store.OpenManifestAsync(key, commit, Cancellation);
        using var reader = store.OpenAsset(key, key.TenantId, key.OwnerId, manifest.Assets[0]);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        var opened = new MemoryStream();
        var pipe = PipeWriter.Create(opened);
        var flushed = 0;
        await range.CopyToAsync(pipe, count => flushed += count, Cancellation);

        Assert.Equal(length, flushed);
        Assert.Equal(content, opened.ToArray());
    }
}
