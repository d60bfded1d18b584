using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class SealedStoreTests : IAsyncLifetime
{
    private readonly OpenVault vault = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task Nothing_readable_reaches_the_store()
    {
        var content = Enumerable.Repeat("marker-in-clear "u8.ToArray(), 40_000).SelectMany(word => word).ToArray();

        await vault.Store.PutAssetAsync(vault.Key, Guid.NewGuid(), ObjectRole.OriginalSegment, "text/plain", new MemoryStream(content), Cancellation);
        await vault.Store.PutWholeAsync(NewKey(KeyKind.Export), ObjectRole.ExportPackage, new MemoryStream(content), Cancellation);
        await vault.Store.PutCardAsync(vault.Key, NewCard("marker-in-clear"), 1, Cancellation);

        foreach (var file in Directory.EnumerateFiles(vault.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file, Cancellation)).AsSpan().IndexOf("marker-in"u8));
    }

    [Fact]
    public async Task A_segment_is_stored_whole_when_its_put_returns_and_under_its_name()
    {
        var segment = await vault.Store.PutObjectAsync(vault.Key, ObjectRole.Poster, new byte[70_000], Cancellation);

        var file = new FileInfo(vault.FileOf(segment.ObjectId));
        Assert.Equal(SealedLayout.SealedLength(70_000), file.Length);
        Assert.Equal("poster", file.Directory!.Name);
        Assert.Equal(7, segment.ObjectId.Version);
    }

    [Fact]
    public async Task The_same_bytes_are_sealed_anew_each_time()
    {
        var one = await vault.Store.PutObjectAsync(vault.Key, ObjectRole.Poster, new byte[100], Cancellation);
        var other = await vault.Store.PutObjectAsync(vault.Key, ObjectRole.Poster, new byte[100], Cancellation);

        Assert.NotEqual(one.ObjectId, other.ObjectId);
        Assert.NotEqual(one.Salt.ToArray(), other.Salt.ToArray());
        Assert.NotEqual((await BytesOfAsync(one.ObjectId))[128..], (await BytesOfAsync(other.ObjectId))[128..]);
    }

    [Fact]
    public async Task Many_tasks_may_put_and_read_at_once()
    {
        var puts = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
        {
            var content = RandomNumberGenerator.GetBytes(100_000 + (i * 7_919));
            var asset = await vault.Store.PutAssetAsync(vault.Key, Guid.NewGuid(), ObjectRole.OriginalSegment, "a/b", new TricklingStream(content), Cancellation);
            return (content, asset);
        })));

        await Task.WhenAll(puts.Select(put => Task.Run(async () => Assert.Equal(put.content, await ReadAllAsync(put.asset)))));
    }

    [Fact]
    public async Task A_tail_is_taken_into_the_next_segment()
    {
        var tail = await vault.Store.PutObjectAsync(vault.Key, ObjectRole.OriginalSegment, OpenVault.Counted(150_000), Cancellation);

        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        await vault.Store.ReadSegmentAsync(vault.Key, ObjectRole.OriginalSegment, tail, buffer, Cancellation);
        buffer.Append([9, 9, 9]);
        var joined = await vault.Store.PutSegmentAsync(vault.Key, ObjectRole.OriginalSegment, buffer, Cancellation);
        await vault.Store.DeleteSegmentAsync(vault.Key.TenantId, vault.Key.OwnerId, ObjectRole.OriginalSegment, tail.ObjectId, Cancellation);

        Assert.Equal([.. OpenVault.Counted(150_000), 9, 9, 9], await ReadAllAsync(Single(joined)));
        Assert.Equal([joined.ObjectId], await ListIdsAsync());
    }

    [Fact]
    public async Task A_damaged_tail_leaves_the_buffer_as_it_was()
    {
        var tail = await vault.Store.PutObjectAsync(vault.Key, ObjectRole.OriginalSegment, OpenVault.Counted(150_000), Cancellation);
        await ChangeAsync(tail.ObjectId, 140_000);
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        buffer.Append([1, 2]);

        await Assert.ThrowsAsync<SealedFormatException>(() => vault.Store.ReadSegmentAsync(vault.Key, ObjectRole.OriginalSegment, tail, buffer, Cancellation));

        Assert.Equal(2, buffer.Length);
    }

    [Fact]
    public async Task A_tail_that_does_not_fit_is_refused()
    {
        var tail = await vault.Store.PutObjectAsync(vault.Key, ObjectRole.OriginalSegment, new byte[100], Cancellation);
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        buffer.Append(new byte[SegmentBuffer.Capacity - 99]);

        await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.ReadSegmentAsync(vault.Key, ObjectRole.OriginalSegment, tail, buffer, Cancellation));
    }

    [Fact]
    public async Task An_empty_segment_is_refused()
    {
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);

        await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.PutSegmentAsync(vault.Key, ObjectRole.OriginalSegment, buffer, Cancellation));
        var empty = await vault.Store.PutAssetAsync(vault.Key, Guid.NewGuid(), ObjectRole.OriginalSegment, "a/b", new MemoryStream(), Cancellation);
        Assert.Empty(empty.Segments);
        Assert.Empty(await ReadAllAsync(empty));
    }

    [Fact]
    public async Task A_key_seals_only_what_its_kind_owns()
    {
        using var contact = NewKey(KeyKind.Contact);
        using var evidence = NewKey(KeyKind.Evidence);

        await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.PutObjectAsync(contact, ObjectRole.OriginalSegment, new byte[1], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.PutObjectAsync(evidence, ObjectRole.Poster, new byte[1], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.PutObjectAsync(vault.Key, ObjectRole.Evidence, new byte[1], Cancellation));
        await vault.Store.PutObjectAsync(evidence, ObjectRole.Evidence, new byte[1], Cancellation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(2_000_003)]
    public async Task A_whole_object_of_unknown_length_comes_back(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        using var key = NewKey(KeyKind.Export);

        var whole = await vault.Store.PutWholeAsync(key, ObjectRole.ExportPackage, new TricklingStream(content), Cancellation);
        using var opened = new MemoryStream();
        await vault.Store.CopyWholeAsync(key, ObjectRole.ExportPackage, whole.ObjectId, opened, Cancellation);

        Assert.Equal(length, whole.PlaintextLength);
        Assert.Equal(content, opened.ToArray());
    }

    [Fact]
    public async Task Key_objects_come_back_and_go()
    {
        var (_, dataWrap) = KeyHierarchy.NewTenantDataKey(vault.TenantKey);
        foreach (var wrap in (WrappedKey[])[vault.TenantWrap, vault.KeyWrap, dataWrap]) await vault.Store.PutKeyAsync(wrap, Cancellation);

        var all = await vault.Store.ListKeysAsync("", Cancellation).Select(wrap => wrap.KeyId).ToListAsync(Cancellation);
        await vault.Store.DeleteKeyAsync(vault.KeyWrap, Cancellation);
        var left = await vault.Store.ListKeysAsync($"t/{vault.Key.TenantId}/", Cancellation).Select(wrap => wrap.KeyId).ToListAsync(Cancellation);

        Assert.Equal(new[] { vault.TenantWrap.KeyId, vault.KeyWrap.KeyId, dataWrap.KeyId }.Order(), all.Order());
        Assert.Equal(new[] { vault.TenantWrap.KeyId, dataWrap.KeyId }.Order(), left.Order());
    }

    [Fact]
    public async Task A_listing_says_what_the_names_say_and_leaves_out_keys()
    {
        await vault.Store.PutKeyAsync(vault.KeyWrap, Cancellation);
        var (asset, _) = await vault.PutOriginalAsync(1000);
        var commit = await vault.Store.PutManifestAsync(vault.Key, vault.NewManifest(asset), Cancellation);

        var listed = await vault.Store.ListRecordingAsync(vault.Key.TenantId, vault.Key.OwnerId, Cancellation).OrderBy(found => found.Role).ToListAsync(Cancellation);

        Assert.Equal([ObjectRole.Manifest, ObjectRole.OriginalSegment], listed.Select(found => found.Role));
        Assert.Equal([commit.ObjectId, asset.Segments[0].ObjectId], listed.Select(found => found.ObjectId));
        Assert.Equal([1, null], listed.Select(found => found.Sequence));
        Assert.Equal(SealedLayout.SealedLength(1000), listed[1].LengthInBytes);
        foreach (var name in listed) await vault.Store.DeleteAsync(name, Cancellation);
        Assert.Empty(await ListIdsAsync());
    }

    [Fact]
    public async Task The_check_of_a_store_leaves_nothing_behind()
    {
        await vault.Store.CheckAsync(Cancellation);

        Assert.Empty(Directory.EnumerateFiles(vault.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_check_of_a_store_that_fails_throws()
    {
        vault.Counting.BeforePut = _ => throw new IOException("The disk is full.");

        await Assert.ThrowsAsync<IOException>(() => vault.Store.CheckAsync(Cancellation));
    }

    private OwnerKey NewKey(KeyKind kind) => KeyHierarchy.NewOwnerKey(vault.TenantKey, kind, Guid.NewGuid()).Key;

    private Card NewCard(string title) => new() { TenantId = vault.Key.TenantId, RecordingId = vault.Key.OwnerId, Title = title, UsageTag = "no-tdm", Label = "restricted" };

    private static ManifestAsset Single(SegmentRef segment) => new(Guid.NewGuid(), ObjectRole.OriginalSegment, "a/b", segment.PlaintextLength, [segment]);

    private async Task<byte[]> BytesOfAsync(Guid objectId) => await File.ReadAllBytesAsync(vault.FileOf(objectId), Cancellation);

    private async Task ChangeAsync(Guid objectId, int at)
    {
        var bytes = await BytesOfAsync(objectId);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(vault.FileOf(objectId), bytes, Cancellation);
    }

    private async Task<byte[]> ReadAllAsync(ManifestAsset asset)
    {
        using var reader = vault.Open(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        using var all = new MemoryStream();
        await range.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }

    private async Task<List<Guid>> ListIdsAsync() =>
        await vault.Store.ListRecordingAsync(vault.Key.TenantId, vault.Key.OwnerId, Cancellation).Select(found => found.ObjectId).ToListAsync(Cancellation);
}
