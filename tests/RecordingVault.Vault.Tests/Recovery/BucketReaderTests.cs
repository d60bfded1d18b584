using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;
using RecordingVault.Vault.Storage;
using RecordingVault.Vault.Tests.Storage;

namespace RecordingVault.Vault.Tests.Recovery;

public sealed class BucketReaderTests : IAsyncLifetime
{
    private readonly OpenVault vault = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Guid TenantId => vault.Key.TenantId;

    private Guid RecordingId => vault.Key.OwnerId;

    public async ValueTask InitializeAsync()
    {
        await vault.Store.PutKeyAsync(vault.TenantWrap, Cancellation);
        await vault.Store.PutKeyAsync(vault.KeyWrap, Cancellation);
    }

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task A_copy_of_the_folder_and_the_root_key_give_back_a_recording()
    {
        var (asset, content) = await vault.PutOriginalAsync(300_000, 200_000);
        await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(asset), Cancellation);
        await vault.Store.PutCardAsync(vault.Key, NewCard("Coaching"), 1, Cancellation);
        await vault.Store.PutCardAsync(vault.Key, NewCard("Coaching, third session"), 2, Cancellation);

        await using var bucket = BucketReader.OpenFolder(vault.Path);
        using var recording = await OpenAsync(bucket);

        Assert.Equal("Coaching, third session", recording.Card!.Title);
        Assert.Equal([new CardPerson("Anna Ek", "anna@example.org"), new CardPerson(null, null)], recording.Card.People);
        Assert.Equal(new DateOnly(2028, 3, 2), recording.Card.RetentionDate);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero), recording.Card.RecordedAt);
        Assert.True(recording.ChainIsWhole);
        Assert.Equal(content, await ReadAsync(recording, recording.Manifest.Assets[0]));
    }

    [Fact]
    public async Task Tenants_and_recordings_are_listed()
    {
        var other = KeyHierarchy.NewOwnerKey(vault.TenantKey, KeyKind.Recording, Guid.NewGuid());
        await vault.Store.PutKeyAsync(other.Wrap, Cancellation);
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        Assert.Equal([TenantId], await bucket.ListTenantsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(new[] { RecordingId, other.Key.OwnerId }.Order(), (await bucket.ListRecordingsAsync(TenantId, Cancellation).ToListAsync(Cancellation)).Order());
        Assert.Empty(await bucket.ListRecordingsAsync(Guid.NewGuid(), Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Nothing_is_written_to_the_copy()
    {
        await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        var before = Directory.GetLastWriteTimeUtc(vault.Path);
        Directory.Delete(Path.Combine(vault.Path, ".tmp"));

        await using var bucket = BucketReader.OpenFolder(vault.Path);
        using var recording = await OpenAsync(bucket);

        Assert.False(Directory.Exists(Path.Combine(vault.Path, ".tmp")));
        Assert.True(before <= Directory.GetLastWriteTimeUtc(vault.Path));
    }

    [Fact]
    public async Task A_whole_chain_of_manifests_is_seen_to_be_whole()
    {
        await PutChainAsync(4);
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        using var recording = await OpenAsync(bucket);

        Assert.Equal(4, recording.Manifest.Sequence);
        Assert.True(recording.ChainIsWhole);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_chain_with_a_link_gone_or_changed_is_seen(int link)
    {
        var commits = await PutChainAsync(4);
        File.Delete(vault.FileOf(commits[link].ObjectId));
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        using var recording = await OpenAsync(bucket);

        Assert.False(recording.ChainIsWhole);
    }

    [Fact]
    public async Task What_a_crash_left_beside_a_committed_manifest_does_not_break_the_chain()
    {
        var first = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        var (asset, _) = await vault.PutOriginalAsync(5);
        await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(asset), Cancellation);
        await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest() with { Sequence = 2, PreviousDigest = first.Digest }, Cancellation);
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        using var recording = await OpenAsync(bucket);

        Assert.True(recording.ChainIsWhole);
    }

    [Fact]
    public async Task A_damaged_newest_manifest_is_never_replaced_by_an_older_one()
    {
        var commits = await PutChainAsync(2);
        await using (var file = File.OpenWrite(vault.FileOf(commits[1].ObjectId)))
        {
            file.Position = 140;
            file.WriteByte(1);
            file.WriteByte(2);
        }
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => OpenAsync(bucket));
        Assert.Equal(FormatFailure.Damaged, problem.Failure);
    }

    [Fact]
    public async Task Another_root_key_opens_nothing()
    {
        await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        await using var bucket = BucketReader.OpenFolder(vault.Path);
        using var other = RootKey.Generate();

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => bucket.OpenRecordingAsync(other, TenantId, RecordingId, Cancellation));
        Assert.Equal(FormatFailure.WrongKey, problem.Failure);
    }

    [Fact]
    public async Task A_disposed_recording_whose_wraps_are_gone_does_not_open()
    {
        await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        await vault.Store.DeleteKeyAsync(vault.KeyWrap, Cancellation);
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => OpenAsync(bucket));
        Assert.Equal(FormatFailure.Missing, problem.Failure);
    }

    [Fact]
    public async Task In_the_middle_of_a_rotation_both_root_keys_open()
    {
        await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(), Cancellation);
        using var next = RootKey.Generate();
        await vault.Store.PutKeyAsync(KeyHierarchy.Rewrap(next, vault.TenantKey), Cancellation);
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        using var byOld = await OpenAsync(bucket);
        using var byNext = await bucket.OpenRecordingAsync(next, TenantId, RecordingId, Cancellation);

        Assert.Equal(byOld.Manifest.Sequence, byNext.Manifest.Sequence);
    }

    [Fact]
    public async Task Any_object_opens_by_its_name_alone()
    {
        var (asset, content) = await vault.PutOriginalAsync(1_200_000);
        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(asset), Cancellation);
        var (exportKey, exportWrap) = KeyHierarchy.NewOwnerKey(vault.TenantKey, KeyKind.Export, Guid.NewGuid());
        await vault.Store.PutKeyAsync(exportWrap, Cancellation);
        var package = await vault.Store.PutWholeAsync(exportKey, ObjectRole.ExportPackage, new MemoryStream([1, 2, 3]), Cancellation);
        await using var bucket = BucketReader.OpenFolder(vault.Path);

        Assert.Equal(content, await OpenObjectAsync(bucket, $"t/{TenantId}/r/{RecordingId}/original/{asset.Segments[0].ObjectId}"));
        Assert.Equal((byte)'{', (await OpenObjectAsync(bucket, $"t/{TenantId}/r/{RecordingId}/manifest/0000000000000001-{commit.ObjectId}"))[0]);
        Assert.Equal([1, 2, 3], await OpenObjectAsync(bucket, $"t/{TenantId}/x/{exportKey.OwnerId}/export-package/{package.ObjectId}"));
    }

    [Fact]
    public async Task A_damaged_end_is_found_before_a_byte_leaves()
    {
        var (asset, _) = await vault.PutOriginalAsync(3_000_000);
        await using (var file = File.OpenWrite(vault.FileOf(asset.Segments[0].ObjectId))) file.SetLength(file.Length - 1);
        await using var bucket = BucketReader.OpenFolder(vault.Path);
        using var destination = new MemoryStream();

        await Assert.ThrowsAsync<SealedFormatException>(() =>
            bucket.OpenObjectAsync(vault.Root, $"t/{TenantId}/r/{RecordingId}/original/{asset.Segments[0].ObjectId}", destination, Cancellation));

        Assert.Equal(0, destination.Length);
    }

    [Theory]
    [InlineData("t/x")]
    [InlineData("../../etc/passwd")]
    [InlineData("v/key/a")]
    [InlineData("t/{0}/r/{1}/original/../{1}")]
    [InlineData("t/{0}/x/{1}/original/{1}")]
    [InlineData("t/{0}/r/{1}/nothing/{1}")]
    [InlineData("t/{0}/r/{1}/manifest/{1}")]
    [InlineData("t/{0}/r/{1}/manifest/1-{1}")]
    public async Task What_is_no_name_of_an_object_is_refused(string form)
    {
        await using var bucket = BucketReader.OpenFolder(vault.Path);
        var name = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, TenantId, RecordingId);

        await Assert.ThrowsAsync<ArgumentException>(() => bucket.OpenObjectAsync(vault.Root, name, Stream.Null, Cancellation));
    }

    private Card NewCard(string title) => new()
    {
        TenantId = TenantId,
        RecordingId = RecordingId,
        Title = title,
        RecordedAt = new DateTimeOffset(2026, 3, 2, 11, 30, 0, TimeSpan.FromHours(2)),
        People = [new CardPerson("Anna Ek", "anna@example.org"), new CardPerson(null, null)],
        UsageTag = "no-tdm",
        Label = "confidential",
        RetentionDate = new DateOnly(2028, 3, 2),
    };

    private async Task<List<ManifestCommit>> PutChainAsync(int count)
    {
        List<ManifestCommit> commits = [];
        for (var sequence = 1; sequence <= count; sequence++)
        {
            var manifest = vault.NewManifest() with { Sequence = sequence, PreviousDigest = commits.LastOrDefault()?.Digest };
            commits.Add(await vault.Store.PutManifestAsync(vault.Key, manifest, Cancellation));
        }
        return commits;
    }

    private Task<RecoveredRecording> OpenAsync(BucketReader bucket) => bucket.OpenRecordingAsync(vault.Root, TenantId, RecordingId, Cancellation);

    private static async Task<byte[]> ReadAsync(RecoveredRecording recording, ManifestAsset asset)
    {
        using var reader = recording.OpenAsset(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        using var all = new MemoryStream();
        await range.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }

    private async Task<byte[]> OpenObjectAsync(BucketReader bucket, string name)
    {
        using var all = new MemoryStream();
        await bucket.OpenObjectAsync(vault.Root, name, all, Cancellation);
        return all.ToArray();
    }
}
