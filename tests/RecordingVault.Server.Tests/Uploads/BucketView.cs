using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>What stands in a recording for whoever has the bucket and the root key and no database.</summary>
internal static class BucketView
{
    public static async Task<Card> CardAsync(TestTenant tenant, Guid recordingId, CancellationToken cancellationToken)
    {
        using var root = new FileRootKey(Path.Combine(tenant.Vault.DataDirectory, "root.key")).Load();
        await using var bucket = BucketReader.OpenFolder(Path.Combine(tenant.Vault.DataDirectory, "store"));
        using var opened = await bucket.OpenRecordingAsync(root, tenant.Id, recordingId, cancellationToken);
        return opened.Card ?? throw new InvalidOperationException("It has no card.");
    }

    /// <summary>The length of each file, every byte of it read; of a layout, which a job makes of it in its time, the bytes alone.</summary>
    public static async Task<IReadOnlyList<long>> LengthsAsync(TestTenant tenant, Guid recordingId, CancellationToken cancellationToken)
    {
        using var root = new FileRootKey(Path.Combine(tenant.Vault.DataDirectory, "root.key")).Load();
        await using var bucket = BucketReader.OpenFolder(Path.Combine(tenant.Vault.DataDirectory, "store"));
        using var opened = await bucket.OpenRecordingAsync(root, tenant.Id, recordingId, cancellationToken);
        Assert.True(opened.ChainIsWhole);
        foreach (var asset in opened.Manifest.Assets)
        {
            using var reader = opened.OpenAsset(asset);
            await using var range = await reader.OpenRangeAsync(0, reader.Length, cancellationToken);
            await range.CopyToAsync(Stream.Null, cancellationToken);
        }

        return [.. opened.Manifest.Assets.Where(asset => asset.Role != ObjectRole.Layout).Select(asset => asset.Length)];
    }
}
