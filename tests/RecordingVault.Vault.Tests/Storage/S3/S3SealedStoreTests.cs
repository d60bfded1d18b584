using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage.S3;

/// <summary>The strongroom over a bucket: ranges over many segments that were asked for ahead, and what an examination finds.</summary>
public sealed class S3SealedStoreTests : IAsyncLifetime
{
    private TestBucket bucket = null!;
    private SealedStore store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bucket = await TestBucket.MakeAsync();
        store = SealedStore.Open(bucket.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await bucket.DisposeAsync();
    }

    [Fact]
    public async Task An_asset_over_many_segments_is_read_from_anywhere()
    {
        using var root = RootKey.Generate();
        var (tenant, recording) = (Guid.NewGuid(), Guid.NewGuid());
        var (tenantKey, _) = KeyHierarchy.NewTenantKey(root, tenant);
        using var disposing = tenantKey;
        var (key, _) = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Recording, recording);
        using var owner = key;
        var content = new byte[(5 * SegmentBuffer.Capacity) + 12_345];
        new Random(5).NextBytes(content);
        var asset = await store.PutAssetAsync(owner, Guid.NewGuid(), ObjectRole.OriginalSegment, "video/mp4", new MemoryStream(content), Ct);
        using var reader = store.OpenAsset(owner, tenant, recording, asset);

        foreach (var (from, length) in new (long, long)[] { (0, content.Length), (SegmentBuffer.Capacity - 5, 10), (3_000_000, 12_000_000), (content.Length - 1, 1), (0, 1), (17, 0) })
        {
            await using var range = await reader.OpenRangeAsync(from, length, Ct);
            using var read = new MemoryStream();
            await range.CopyToAsync(read, Ct);
            Assert.True(content.AsSpan((int)from, (int)length).SequenceEqual(read.ToArray()), $"{length} bytes from {from} on are other ones.");
        }

        // Whoever leaves in the middle leaves nothing open behind him.
        await using (var left = await reader.OpenRangeAsync(0, content.Length, Ct))
        {
            using var full = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.CopyToAsync(new LimitedStream(5_000_000, full), full.Token));
        }

        foreach (var segment in asset.Segments) await store.VerifySegmentAsync(owner, ObjectRole.OriginalSegment, segment, Ct);
        await store.DeleteSegmentAsync(tenant, recording, ObjectRole.OriginalSegment, asset.Segments[2].ObjectId, Ct);
        var missing = await Assert.ThrowsAsync<SealedFormatException>(() => store.VerifySegmentAsync(owner, ObjectRole.OriginalSegment, asset.Segments[2], Ct));
        Assert.Equal(FormatFailure.Missing, missing.Failure);
    }

    [Fact]
    public async Task A_good_bucket_is_found_good_and_left_as_it_was()
    {
        await store.CheckAsync(Ct);
        await store.ReachAsync(Ct);
        var found = await store.ExamineAsync(Ct);

        Assert.Empty(found.Faults);
        Assert.True(found is { Deletes: true, RefusesOverwriting: true });
        Assert.True(found.Traits is { KeepsVersions: false, HasLock: false, DefaultRetention: null, KeyRetention: null });
        Assert.True(found.Traits.ClockDifference!.Value.Duration() < TimeSpan.FromMinutes(1));
        await using var objects = bucket.Open();
        Assert.Empty(await objects.ListAsync("", Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_bucket_that_keeps_everything_is_told_and_the_vault_starts_on_it()
    {
        await using var locked = await TestBucket.MakeAsync(withLock: true);
        await locked.LockByDefaultAsync(2, Ct);
        await using var keeping = SealedStore.Open(locked.Settings with { KeyBucket = bucket.Settings.Bucket });

        await keeping.CheckAsync(Ct);
        var found = await keeping.ExamineAsync(Ct);

        Assert.False(found.Deletes);
        Assert.True(found.Traits is { KeepsVersions: true, HasLock: true, KeyRetention: null });
        Assert.Equal(TimeSpan.FromDays(2), found.Traits.DefaultRetention);
    }

    private sealed class LimitedStream(long most, CancellationTokenSource full) : MemoryStream
    {
        private long taken;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            taken += buffer.Length;
            if (taken > most) await full.CancelAsync();
        }
    }
}
