using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

/// <summary>Large arrays made for a chunk would cost two thirds of the speed: sealing and opening make none.</summary>
[Collection(Alone.Name)]
public sealed class AllocationTests : IAsyncLifetime
{
    private readonly OpenVault vault = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public void Sealing_and_opening_a_chunk_allocates_nothing()
    {
        using var cipher = new ChunkCipher(new byte[32]);
        var bytes = new byte[SealedLayout.SealedChunkLength];
        var chunk = 0;

        // What the runtime itself allocates on this thread while it compiles the loop is none of ours, and does not come at every turn.
        Assert.Contains(Enumerable.Range(0, 10).Select(_ => AllocatedByTenChunks()).ToList(), allocated => allocated == 0);

        long AllocatedByTenChunks()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var end = chunk + 10; chunk < end; chunk++)
            {
                cipher.Seal(chunk, isLast: false, bytes.AsSpan(0, SealedLayout.ChunkLength), bytes.AsSpan(SealedLayout.ChunkLength));
                cipher.Open(chunk, isLast: false, bytes, bytes.AsSpan(0, SealedLayout.ChunkLength));
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task A_range_of_a_mebibyte_allocates_at_most_sixteen_kibibytes()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity, SegmentBuffer.Capacity);
        using var reader = vault.Open(asset);
        for (var warm = 0; warm < 20; warm++) await CopyAsync(reader, 12_345, 1024 * 1024);

        Assert.InRange(await LeastAllocatedAsync(() => CopyAsync(reader, SegmentBuffer.Capacity - 500_000, 1024 * 1024)), 0, 16 * 1024);
    }

    [Fact]
    public async Task A_longer_range_allocates_for_its_segments_and_not_for_its_chunks()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity);
        using var reader = vault.Open(asset);
        for (var warm = 0; warm < 20; warm++) await CopyAsync(reader, 0, SegmentBuffer.Capacity);

        var two = await LeastAllocatedAsync(() => CopyAsync(reader, 0, 2 * SealedLayout.ChunkLength));
        var sixtyFour = await LeastAllocatedAsync(() => CopyAsync(reader, 0, SegmentBuffer.Capacity));

        // The longer one gives way to others on its way, which costs a box of its own; an object for each of its chunks would cost more.
        Assert.InRange(sixtyFour - two, long.MinValue, 1024);
    }

    /// <summary>By the whole process, since a copy may go on on another thread; no other test runs beside these, and what the runtime allocates for itself does not come at every turn.</summary>
    private static async Task<long> LeastAllocatedAsync(Func<Task> work)
    {
        var least = long.MaxValue;
        for (var turn = 0; turn < 10; turn++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await work();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }

    private static async Task CopyAsync(AssetReader reader, long offset, long length)
    {
        await using var range = await reader.OpenRangeAsync(offset, length, Cancellation);
        await range.CopyToAsync(Destination, null, Cancellation);
    }

    private static readonly OneBufferWriter Destination = new(SealedLayout.ChunkLength);
}
