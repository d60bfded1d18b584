using System.Security.Cryptography;
using Minio;
using Minio.DataModel.Args;
using Minio.DataModel.ObjectLock;
using RecordingVault.Vault.Storage;
using RecordingVault.Vault.Storage.S3;

namespace RecordingVault.Vault.Tests.Storage.S3;

/// <summary>
/// Each fault of Minio 7.0.0 that the store goes around, twice: that the library still has it, so that a newer one shows what it mended; and that ours has not.
/// </summary>
public sealed class LibraryFaultTests : IAsyncLifetime
{
    private readonly ObjectName name = ObjectName.Parse($"t/{Guid.NewGuid()}/r/{Guid.NewGuid()}/original/{Guid.NewGuid()}");
    private TestBucket bucket = null!;
    private S3ObjectStore store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IMinioClient Library => bucket.Library;

    private string Bucket => bucket.Settings.Bucket;

    public async ValueTask InitializeAsync()
    {
        bucket = await TestBucket.MakeAsync();
        store = bucket.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await bucket.DisposeAsync();
    }

    [Fact]
    public async Task Every_range_throws()
    {
        await store.PutAsync(name, new byte[1000], Ct);

        await Assert.ThrowsAnyAsync<Exception>(() => Library.GetObjectAsync(
            new GetObjectArgs().WithBucket(Bucket).WithObject(name.Value).WithOffsetAndLength(10, 10).WithCallbackStream(_ => { }), Ct));

        await using var range = await store.OpenReadAsync(name, 10, 10, Ct);
        Assert.Equal(10, await range.ReadAtLeastAsync(new byte[20], 20, throwOnEndOfStream: false, Ct));
    }

    [Fact]
    public async Task An_empty_message_hides_the_code_of_an_error()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Library.GetObjectLockConfigurationAsync(new GetObjectLockConfigurationArgs().WithBucket(Bucket), Ct));

        using var ours = Connection();
        await Assert.ThrowsAsync<Minio.Exceptions.MissingObjectLockConfigurationException>(
            () => ours.Client.GetObjectLockConfigurationAsync(new GetObjectLockConfigurationArgs().WithBucket(Bucket), Ct));
    }

    [Fact]
    public async Task A_busy_store_is_a_null_reference_and_nothing_is_tried_again()
    {
        await using var proxy = new FaultProxy(TestBucket.Endpoint);
        using var plain = TestBucket.Client(proxy.Endpoint);
        proxy.Next(Fault.InternalError);
        await Assert.ThrowsAsync<NullReferenceException>(async () => await plain.ListObjectsEnumAsync(new ListObjectsArgs().WithBucket(Bucket), Ct).ToListAsync(Ct));

        await using var ours = bucket.Open(proxy.Endpoint);
        proxy.Next(Fault.InternalError);
        Assert.Empty(await ours.ListAsync("", Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_stream_that_is_shorter_than_was_said_is_stored_without_a_word()
    {
        const int said = 40 * 1024 * 1024;
        await Library.PutObjectAsync(
            new PutObjectArgs().WithBucket(Bucket).WithObject(name.Value).WithStreamData(new TricklingStream(new byte[said - (1024 * 1024)])).WithObjectSize(said), Ct);
        Assert.Equal(said - (1024 * 1024), (await store.FindAsync(name, Ct))!.LengthInBytes);

        // Ours is never told a length that is a promise: what fits is put from memory, what does not is counted at its end.
        var other = ObjectName.Parse($"{name.Value}-2");
        await store.PutAsync(other, new TricklingStream(new byte[said]), Ct);
        Assert.Equal(said, (await store.FindAsync(other, Ct))!.LengthInBytes);
    }

    [Fact]
    public async Task A_source_that_breaks_leaves_parts_behind()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => Library.PutObjectAsync(
            new PutObjectArgs().WithBucket(Bucket).WithObject(name.Value).WithStreamData(new TricklingStream(new byte[60_000_000], breakAt: 40_000_000)).WithObjectSize(-1), Ct));
        Assert.Equal([name.Value], await bucket.IncompleteAsync(Ct));

        var other = ObjectName.Parse($"{name.Value}-2");
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(other, new TricklingStream(new byte[60_000_000], breakAt: 40_000_000), Ct));
        Assert.Equal([name.Value], await bucket.IncompleteAsync(Ct));
    }

    [Fact]
    public async Task Cancelling_is_not_told_to_the_source()
    {
        using var cancelled = new CancellationTokenSource();
        await using var source = new EndlessStream(after: 20_000_000, cancelled);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(name, source, cancelled.Token));

        Assert.InRange(source.GivenSinceCancelled, 0, 1_000_000);
        Assert.Null(await store.FindAsync(name, Ct));
        Assert.Empty(await bucket.IncompleteAsync(Ct));
    }

    [Fact]
    public async Task Only_where_nothing_is_becomes_a_word_of_the_object()
    {
        for (var times = 0; times < 2; times++)
        {
            await Library.PutObjectAsync(
                new PutObjectArgs().WithBucket(Bucket).WithObject(name.Value).WithStreamData(new MemoryStream(new byte[times + 1])).WithObjectSize(times + 1)
                    .WithHeaders(new Dictionary<string, string>(StringComparer.Ordinal) { ["If-None-Match"] = "*" }),
                Ct);
        }
        Assert.Equal(2, (await store.FindAsync(name, Ct))!.LengthInBytes);

        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(name, new byte[3], Ct));
    }

    [Fact]
    public async Task An_error_comes_as_if_it_were_the_object()
    {
        await store.PutAsync(name, new byte[10], Ct);
        await using var proxy = new FaultProxy(TestBucket.Endpoint) { Spoils = line => line.StartsWith("GET", StringComparison.Ordinal) && line.Contains(name.Value, StringComparison.Ordinal) };
        using var plain = TestBucket.Client(proxy.Endpoint);
        var read = "";
        proxy.Next(Fault.NoRoom);
        await Assert.ThrowsAnyAsync<Exception>(() => plain.GetObjectAsync(
            new GetObjectArgs().WithBucket(Bucket).WithObject(name.Value).WithCallbackStream(stream => read = new StreamReader(stream).ReadToEnd()), Ct));
        Assert.Contains("<Error>", read, StringComparison.Ordinal);

        await using var ours = bucket.Open(proxy.Endpoint);
        proxy.Next(Fault.NoRoom);
        await Assert.ThrowsAsync<ObjectStoreException>(() => ours.OpenReadAsync(name, 0, 10, Ct));
    }

    [Fact]
    public async Task The_list_of_versions_ends_at_a_thousand()
    {
        await using var versioned = await TestBucket.MakeAsync(withVersions: true);
        await using var ours = versioned.Open();
        List<ObjectName> names = [.. Enumerable.Range(0, 1_010).Select(i => ObjectName.Parse($"{name.Value}-{i}"))];
        await Parallel.ForEachAsync(names, Ct, async (one, ended) => await ours.PutAsync(one, new byte[1], ended));
        var args = new ListObjectsArgs().WithBucket(versioned.Settings.Bucket).WithRecursive(true).WithVersions(true);
        Assert.Equal(1_000, await versioned.Library.ListObjectsEnumAsync(args, Ct).CountAsync(Ct));

        await Parallel.ForEachAsync(names, Ct, async (one, ended) => await ours.DeleteAsync(one, ended));

        Assert.Empty(await versioned.Library.ListObjectsEnumAsync(args, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_delete_in_a_bucket_with_versions_leaves_no_version()
    {
        await using var versioned = await TestBucket.MakeAsync(withVersions: true);
        await using var ours = versioned.Open();
        var other = ObjectName.Parse($"{name.Value}-2");
        await ours.PutAsync(name, new byte[3], Ct);
        await ours.PutAsync(other, new byte[3], Ct);
        // Somebody else deleted it the usual way: only a mark was made.
        await versioned.Library.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(versioned.Settings.Bucket).WithObject(name.Value), Ct);
        Assert.Null(await ours.FindAsync(name, Ct));

        await ours.DeleteAsync([name], Ct);

        var args = new ListObjectsArgs().WithBucket(versioned.Settings.Bucket).WithRecursive(true).WithVersions(true);
        Assert.Equal([other.Value], await versioned.Library.ListObjectsEnumAsync(args, Ct).Select(item => item.Key).ToListAsync(Ct));
    }

    [Fact]
    public async Task What_is_under_retention_is_not_deleted_and_says_so()
    {
        await using var locked = await TestBucket.MakeAsync(withLock: true);
        await locked.LockByDefaultAsync(1, Ct);
        await using var ours = locked.Open();
        await ours.PutAsync(name, new byte[3], Ct);

        var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => ours.DeleteAsync(name, Ct));

        Assert.Equal(StoreFailure.Refused, refused.Failure);
        Assert.Contains("retention", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await ours.FindAsync(name, Ct));
    }

    [Fact]
    public async Task Keys_stand_in_a_bucket_of_their_own_where_one_is_named()
    {
        await using var second = await TestBucket.MakeAsync();
        await using var split = new S3ObjectStore(bucket.Settings with { KeyBucket = second.Settings.Bucket }, S3Timing.Default, TimeProvider.System);
        await using var keys = second.Open();
        var (tenant, recording) = (Guid.NewGuid(), Guid.NewGuid());
        var key = ObjectName.Parse($"t/{tenant}/r/{recording}/key/{Guid.NewGuid()}-{Guid.NewGuid()}");
        var segment = ObjectName.Parse($"t/{tenant}/r/{recording}/original/{Guid.NewGuid()}");

        await split.PutAsync(key, new byte[1], Ct);
        await split.PutAsync(segment, new byte[2], Ct);

        Assert.Equal([key], await keys.ListAsync("", Ct).Select(found => found.Name).ToListAsync(Ct));
        Assert.Equal([segment], await store.ListAsync("", Ct).Select(found => found.Name).ToListAsync(Ct));
        Assert.Equal([segment, key], await split.ListAsync("", Ct).Select(found => found.Name).ToListAsync(Ct));
        Assert.Equal(["r"], await split.ListFoldersAsync($"t/{tenant}/", Ct).ToListAsync(Ct));
        await split.DeleteAsync([key, segment], Ct);
        Assert.Empty(await split.ListAsync("", Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Keys_that_lie_in_the_bucket_of_before_are_found_read_and_deleted_there_too()
    {
        await using var second = await TestBucket.MakeAsync();
        await using var split = new S3ObjectStore(bucket.Settings with { KeyBucket = second.Settings.Bucket }, S3Timing.Default, TimeProvider.System);
        var folder = $"t/{Guid.NewGuid()}/r/{Guid.NewGuid()}/key/";
        var (old, odd) = (ObjectName.Parse($"{folder}{Guid.NewGuid()}-{Guid.NewGuid()}"), ObjectName.Parse(folder + "odd"));
        await store.PutAsync(old, new byte[7], Ct);
        await split.PutAsync(old, new byte[7], Ct);
        await store.PutAsync(odd, new byte[3], Ct);

        Assert.Equal([7, 3], (await split.ListAsync(folder, Ct).ToListAsync(Ct)).Select(found => found.LengthInBytes).OrderDescending());
        Assert.NotNull(await split.FindAsync(odd, Ct));
        await using (var read = await split.OpenReadAsync(odd, 0, 10, Ct)) Assert.Equal(3, await read.ReadAtLeastAsync(new byte[10], 10, throwOnEndOfStream: false, Ct));
        await split.DeleteAsync([old], Ct);
        await split.DeleteAsync(odd, Ct);
        Assert.Empty(await split.ListAsync(folder, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_cancelled_put_no_longer_reads_the_memory_that_it_was_given()
    {
        await using var proxy = new FaultProxy(TestBucket.Endpoint);
        await using var ours = bucket.Open(proxy.Endpoint);
        for (var round = 0; round < 10; round++)
        {
            var bytes = RandomNumberGenerator.GetBytes(4_000_000);
            using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(round));
            var sent = ObjectName.Parse($"{name.Value}-{round}");
            await Record.ExceptionAsync(() => ours.PutAsync(sent, bytes, cancelled.Token));
            var before = SHA256.HashData(bytes);
            // From here on the memory is another one's. What the store has is nothing, or what was given.
            bytes.AsSpan().Clear();
            if (await store.FindAsync(sent, Ct) is null) continue;
            await using var stream = await store.OpenReadAsync(sent, 0, bytes.Length + 1, Ct);
            Assert.Equal(before, await SHA256.HashDataAsync(stream, Ct));
        }
    }

    private S3Connection Connection() => new(bucket.Settings, new S3Attempts(S3Timing.Default, TimeProvider.System), S3Timing.Default, TimeProvider.System);

    /// <summary>Gives without end, and cancels after a while.</summary>
    private sealed class EndlessStream(int after, CancellationTokenSource cancelled) : MemoryStream
    {
        private long given;

        public long GivenSinceCancelled { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, 100_000);
            given += count;
            if (cancelled.IsCancellationRequested) GivenSinceCancelled += count;
            if (given >= after) await cancelled.CancelAsync();
            return count;
        }
    }
}
