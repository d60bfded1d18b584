using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class ManifestStoreTests : IAsyncLifetime
{
    private readonly OpenVault vault = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task A_committed_manifest_comes_back_as_it_was()
    {
        var (asset, _) = await vault.PutOriginalAsync(100_000, 1);
        var captions = new ManifestAsset(Guid.NewGuid(), ObjectRole.Captions, "text/vtt", 0, []);
        var manifest = vault.NewManifest(asset, captions);

        var commit = await vault.Store.PutManifestAsync(vault.Key, manifest, Cancellation);
        var opened = await vault.Store.OpenManifestAsync(vault.Key, commit, Cancellation);

        Assert.Equal((manifest.TenantId, manifest.RecordingId, 1), (opened.TenantId, opened.RecordingId, opened.Sequence));
        Assert.Null(opened.PreviousDigest);
        Assert.Equal([asset.Id, captions.Id], opened.Assets.Select(found => found.Id));
        Assert.Equal(asset.Segments.Select(Written), opened.Assets[0].Segments.Select(Written));
        Assert.Equal(("video/mp4", 100_001), (opened.Assets[0].MediaType, opened.Assets[0].Length));
    }

    [Fact]
    public async Task The_commit_holds_the_digest_of_what_is_stored_under_the_counted_name()
    {
        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);

        var file = vault.FileOf(commit.ObjectId);
        Assert.Equal($"0000000000000001-{commit.ObjectId}", Path.GetFileName(file));
        Assert.Equal(SHA256.HashData(await File.ReadAllBytesAsync(file, Cancellation)), commit.Digest.ToArray());
    }

    [Fact]
    public async Task Another_manifest_under_the_committed_name_is_found_out()
    {
        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        var (asset, _) = await vault.PutOriginalAsync(5);
        var other = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(asset), Cancellation);
        File.Copy(vault.FileOf(other.ObjectId), vault.FileOf(commit.ObjectId), overwrite: true);

        await AssertRefusedAsync(FormatFailure.WrongDigest, commit);
    }

    [Fact]
    public async Task An_empty_digest_never_passes_for_no_digest()
    {
        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);

        await AssertRefusedAsync(FormatFailure.WrongDigest, commit with { Digest = default });
    }

    [Fact]
    public async Task A_manifest_that_is_gone_is_missing()
    {
        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        File.Delete(vault.FileOf(commit.ObjectId));

        await AssertRefusedAsync(FormatFailure.Missing, commit);
    }

    [Fact]
    public async Task A_manifest_opens_under_no_other_key()
    {
        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        using var other = new OwnerKey(Guid.NewGuid(), KeyKind.Recording, vault.Key.TenantId, vault.Key.OwnerId, new byte[32]);

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => vault.Store.OpenManifestAsync(other, commit, Cancellation));
        Assert.Equal(FormatFailure.WrongKey, problem.Failure);
    }

    [Fact]
    public async Task The_next_manifest_names_the_one_before()
    {
        var first = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);

        var second = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest() with { Sequence = 2, PreviousDigest = first.Digest }, Cancellation);

        var opened = await vault.Store.OpenManifestAsync(vault.Key, second, Cancellation);
        Assert.Equal(first.Digest.ToArray(), opened.PreviousDigest!.Value.ToArray());
    }

    [Fact]
    public async Task What_no_reader_would_take_is_not_written()
    {
        var (asset, _) = await vault.PutOriginalAsync(5);
        var good = vault.NewManifest(asset);
        Manifest[] wrong =
        [
            good with { Sequence = 0 },
            good with { Sequence = 2 },
            good with { PreviousDigest = new byte[32] },
            good with { TenantId = Guid.NewGuid() },
            good with { RecordingId = Guid.NewGuid() },
            vault.NewManifest(asset, asset),
            vault.NewManifest(asset with { Length = 6 }),
            vault.NewManifest(asset with { MediaType = "Video/MP4" }),
            vault.NewManifest(asset with { Role = ObjectRole.Card }),
            vault.NewManifest(asset with { Segments = [.. asset.Segments, .. asset.Segments], Length = 10 }),
            vault.NewManifest(asset with { Segments = [asset.Segments[0] with { Salt = new byte[31] }] }),
        ];

        foreach (var manifest in wrong) await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.PutManifestAsync(vault.Key, manifest, Cancellation));

        Assert.Empty(Directory.EnumerateDirectories(vault.Path, "manifest", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_absent_digest_may_come_as_an_empty_one()
    {
        byte[]? none = null;

        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest() with { PreviousDigest = none }, Cancellation);

        Assert.Null((await vault.Store.OpenManifestAsync(vault.Key, commit, Cancellation)).PreviousDigest);
    }

    [Fact]
    public async Task The_largest_asset_fits_into_a_manifest()
    {
        var salt = new byte[32];
        var segments = Enumerable.Range(0, 65_536).Select(_ => new SegmentRef(Guid.NewGuid(), salt, 4_194_304)).ToList();
        var asset = new ManifestAsset(Guid.NewGuid(), ObjectRole.OriginalSegment, "video/mp4", 65_536L * 4_194_304, segments);

        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(asset), Cancellation);

        Assert.Equal(65_536L * 4_194_304, (await vault.Store.OpenManifestAsync(vault.Key, commit, Cancellation)).Assets[0].Length);
    }

    private static (Guid, string, int) Written(SegmentRef segment) => (segment.ObjectId, Convert.ToHexString(segment.Salt.Span), segment.PlaintextLength);

    private async Task AssertRefusedAsync(FormatFailure failure, ManifestCommit commit)
    {
        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => vault.Store.OpenManifestAsync(vault.Key, commit, Cancellation));
        Assert.Equal(failure, problem.Failure);
    }
}
