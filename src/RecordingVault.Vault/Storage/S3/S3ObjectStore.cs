using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Minio.DataModel;
using Minio.DataModel.Args;
using Minio.Exceptions;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// A bucket as an object store. What is small goes through the library; segments are put and read by addresses that are signed here. Puts in flight are
/// bounded over all uploads together, every request has its own end in time and is tried again a few times.
/// </summary>
internal sealed class S3ObjectStore : IObjectStore
{
    /// <summary>Each holds a segment; more of them made no store faster that was measured.</summary>
    private const int MaxPuts = 4;
    private const int MostNamesADelete = 1_000;

    private readonly S3Connection connection;
    private readonly S3Timing timing;
    private readonly S3Attempts attempts;
    private readonly SignedRead reads;
    private readonly SignedPut put;
    private readonly LongPut longPut;
    private readonly S3Versions versions;
    private readonly SemaphoreSlim puts = new(MaxPuts, MaxPuts);

    public S3ObjectStore(S3Location settings, S3Timing timing, TimeProvider time)
    {
        this.timing = timing;
        attempts = new S3Attempts(timing, time);
        connection = new S3Connection(settings, attempts, timing, time);
        reads = new SignedRead(connection, attempts, timing);
        put = new SignedPut(connection);
        longPut = new LongPut(connection);
        versions = new S3Versions(connection, time);
    }

    public int SegmentsAhead => 2;

    public async Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > SignedPut.MostBytes)
        {
            await using var stream = StreamOf(content);
            await PutAsync(name, stream, cancellationToken);
            return;
        }
        // Twice: what waits for a turn has begun too.
        if (await attempts.RunAsync(timing.Put * 2, ended => PutInTurnAsync(name, content, ended), cancellationToken)) return;
        // There is one: ours, when an answer was lost on its way, or another one, which stays.
        await using var mine = StreamOf(content);
        await RequireSameAsync(name, mine, cancellationToken);
    }

    /// <summary>False when there is an object of this name already. The turn is given back before a pause between tries: others need it more.</summary>
    private async Task<bool> PutInTurnAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await puts.WaitAsync(cancellationToken);
        try
        {
            return await put.TryAsync(BucketOf(name), name, content, cancellationToken);
        }
        finally
        {
            puts.Release();
        }
    }

    public async Task PutAsync(ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        var storage = ArrayPool<byte>.Shared.Rent(SignedPut.MostBytes + 1);
        try
        {
            var start = storage.AsMemory(0, SignedPut.MostBytes + 1);
            var count = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            if (count < start.Length)
            {
                await PutAsync(name, start[..count], cancellationToken);
                return;
            }
            await using var whole = new JoinedStream(start, content);
            if (await FindAsync(name, cancellationToken) is not null) await RequireSameAsync(name, whole, cancellationToken);
            else await longPut.PutAsync(BucketOf(name), name, whole, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(storage);
        }
    }

    public async Task<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken)
    {
        foreach (var bucket in BucketsOf(name))
        {
            if (await FindAsync(bucket, name, cancellationToken) is { } found) return found;
        }
        return null;
    }

    private Task<StoredObject?> FindAsync(string bucket, ObjectName name, CancellationToken cancellationToken) => S3Faults.TellAsync(
        async () =>
        {
            try
            {
                var found = await connection.Client.StatObjectAsync(new StatObjectArgs().WithBucket(bucket).WithObject(name.Value), cancellationToken);
                return found.DeleteMarker ? null : new StoredObject(name, found.Size, Utc(found.LastModified));
            }
            catch (ObjectNotFoundException)
            {
                return null;
            }
        },
        cancellationToken);

    public async Task<Stream> OpenReadAsync(ObjectName name, long offset, long length, CancellationToken cancellationToken)
    {
        if (length <= 0) return await FindEmptyAsync(name, cancellationToken);
        try
        {
            return await reads.OpenAsync(BucketOf(name), name, offset, length, cancellationToken);
        }
        catch (SealedFormatException missing) when (missing.Failure == FormatFailure.Missing && BucketsOf(name) is [_, var other])
        {
            return await reads.OpenAsync(other, name, offset, length, cancellationToken);
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectName.RequirePrefix(prefix);
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (var bucket in Buckets)
        {
            var args = new ListObjectsArgs().WithBucket(bucket).WithPrefix(prefix).WithRecursive(true);
            await foreach (var item in ItemsAsync(args, cancellationToken))
            {
                if (item.IsDir || !ObjectName.IsValid(item.Key) || (IsKey(item.Key) && !keys.Add(item.Key))) continue;
                yield return new StoredObject(ObjectName.Parse(item.Key), checked((long)item.Size), Utc(item.LastModifiedDateTime ?? default));
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectName.RequirePrefix(prefix);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var bucket in Buckets)
        {
            var args = new ListObjectsArgs().WithBucket(bucket).WithPrefix(prefix).WithRecursive(false);
            await foreach (var item in ItemsAsync(args, cancellationToken))
            {
                if (item.IsDir && item.Key.Length > prefix.Length && seen.Add(item.Key)) yield return item.Key[prefix.Length..].TrimEnd('/');
            }
        }
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken cancellationToken)
    {
        foreach (var bucket in BucketsOf(name)) await DeleteAsync(bucket, name, cancellationToken);
    }

    private async Task DeleteAsync(string bucket, ObjectName name, CancellationToken cancellationToken)
    {
        if (!await versions.AreKeptAsync(bucket, cancellationToken))
        {
            var args = new RemoveObjectArgs().WithBucket(bucket).WithObject(name.Value);
            await S3Faults.TellAsync(() => connection.Client.RemoveObjectAsync(args, cancellationToken), cancellationToken);
            return;
        }
        // Without a version only a mark would be made, and the bytes would stay.
        IReadOnlyList<string> before = [];
        while (await versions.ListAsync(bucket, name, cancellationToken) is { Count: > 0 } found)
        {
            if (found.SequenceEqual(before, StringComparer.Ordinal)) throw new ObjectStoreException(StoreFailure.Refused, "The store deletes a version and lists it again.");
            before = found;
            foreach (var version in found)
            {
                var args = new RemoveObjectArgs().WithBucket(bucket).WithObject(name.Value).WithVersionId(version);
                await S3Faults.TellAsync(() => connection.Client.RemoveObjectAsync(args, cancellationToken), cancellationToken);
            }
        }
    }

    public async Task DeleteAsync(IReadOnlyCollection<ObjectName> names, CancellationToken cancellationToken)
    {
        foreach (var inBucket in names.SelectMany(name => BucketsOf(name).Select(bucket => (bucket, name))).GroupBy(one => one.bucket, one => one.name, StringComparer.Ordinal))
        {
            if (await versions.AreKeptAsync(inBucket.Key, cancellationToken))
            {
                foreach (var name in inBucket) await DeleteAsync(inBucket.Key, name, cancellationToken);
                continue;
            }
            foreach (var batch in inBucket.Chunk(MostNamesADelete))
            {
                var args = new RemoveObjectsArgs().WithBucket(inBucket.Key).WithObjects([.. batch.Select(name => name.Value)]);
                var left = await S3Faults.TellAsync(() => connection.Client.RemoveObjectsAsync(args, cancellationToken), cancellationToken);
                if (left.Count > 0) throw new ObjectStoreException(StoreFailure.Refused, $"The store did not delete {left.Count} of {batch.Length} objects.");
            }
        }
    }

    // Puts cost money at some stores, and what is put under a default retention stays.
    public Task ReachAsync(CancellationToken cancellationToken) => FindAsync(ObjectName.Parse("v/check/nothing"), cancellationToken);

    public async Task<StoreTraits> DescribeAsync(CancellationToken cancellationToken)
    {
        var bucket = connection.Settings.Bucket;
        var (hasLock, retention) = await S3Locks.OfAsync(connection, bucket, cancellationToken);
        var keys = connection.Settings.KeyBucket is { } other ? (await S3Locks.OfAsync(connection, other, cancellationToken)).DefaultRetention : retention;
        return new StoreTraits(await versions.AreKeptAsync(bucket, cancellationToken), hasLock, retention, keys, connection.ClockDifference);
    }

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        puts.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<string> Buckets => connection.Settings.KeyBucket is { } keys && keys != connection.Settings.Bucket ? [connection.Settings.Bucket, keys] : [connection.Settings.Bucket];

    private string BucketOf(ObjectName name) => BucketsOf(name)[0];

    /// <summary>Where an object is put and looked for first, and where it may lie too: a vault whose keys have a bucket of their own may once have had none.</summary>
    private IReadOnlyList<string> BucketsOf(ObjectName name) => IsKey(name.Value) && connection.Settings.KeyBucket is { } keys && keys != connection.Settings.Bucket
        ? [keys, connection.Settings.Bucket]
        : [connection.Settings.Bucket];

    /// <summary>By its folder: what lies among keys without the name of one is deleted with them.</summary>
    private static bool IsKey(string name) => name.Split('/') is [.., "key" or "data-key", _];

    private async IAsyncEnumerable<Item> ItemsAsync(ListObjectsArgs args, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = connection.Client.ListObjectsEnumAsync(args, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            if (!await S3Faults.TellAsync(() => items.MoveNextAsync().AsTask(), cancellationToken)) yield break;
            yield return items.Current;
        }
    }

    private async Task RequireSameAsync(ObjectName name, Stream mine, CancellationToken cancellationToken)
    {
        await using var stored = await OpenReadAsync(name, 0, SealedLayout.SealedLength(SealedLayout.MaxPlaintextLength), cancellationToken);
        var (left, right) = (new byte[64 * 1024], new byte[64 * 1024]);
        while (true)
        {
            var leftCount = await mine.ReadAtLeastAsync(left, left.Length, throwOnEndOfStream: false, cancellationToken);
            var rightCount = await stored.ReadAtLeastAsync(right, right.Length, throwOnEndOfStream: false, cancellationToken);
            if (!left.AsSpan(0, leftCount).SequenceEqual(right.AsSpan(0, rightCount))) throw new IOException($"There is another object {name} already. Objects are never overwritten.");
            if (leftCount == 0) return;
        }
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);

    private async Task<Stream> FindEmptyAsync(ObjectName name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) is null ? throw new SealedFormatException(FormatFailure.Missing, $"There is no object {name}.") : Stream.Null;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time, DateTimeKind.Utc));
}
