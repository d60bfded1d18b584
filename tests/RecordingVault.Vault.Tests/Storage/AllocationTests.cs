using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

/// <summary>Large arrays made for a chunk would cost two thirds of the speed: sealing and opening make none.</summary>
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
        var before = 0L;

        for (var chunk = 0; chunk < 100; chunk++)
        {
            if (chunk == 10) before = GC.GetAllocatedBytesForCurrentThread();
            cipher.Seal(chunk, isLast: false, bytes.AsSpan(0, SealedLayout.ChunkLength), bytes.AsSpan(SealedLayout.ChunkLength));
            cipher.Open(chunk, isLast: false, bytes, bytes.AsSpan(0, SealedLayout.ChunkLength));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task A_range_of_a_mebibyte_allocates_at_most_sixteen_kibibytes()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity, SegmentBuffer.Capacity);
        using var reader = vault.Open(asset);
        for (var warm = 0; warm < 20; warm++) await CopyAsync(reader, 12_345, 1024 * 1024);

        // All of it runs on this thread: the folder's reads and this writer's flushes complete at once.
        var before = GC.GetAllocatedBytesForCurrentThread();
        await CopyAsync(reader, SegmentBuffer.Capacity - 500_000, 1024 * 1024);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
    }

    [Fact]
    public async Task A_longer_range_allocates_for_its_segments_and_not_for_its_chunks()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity);
        using var reader = vault.Open(asset);
        for (var warm = 0; warm < 20; warm++) await CopyAsync(reader, 0, SegmentBuffer.Capacity);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await CopyAsync(reader, 0, 2 * SealedLayout.ChunkLength);
        var two = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        await CopyAsync(reader, 0, SegmentBuffer.Capacity);
        var sixtyFour = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(sixtyFour - two, long.MinValue, 256);
    }

    private static async Task CopyAsync(AssetReader reader, long offset, long length)
    {
        await using var range = await reader.OpenRangeAsync(offset, length, Cancellation);
        await range.CopyToAsync(Destination, null, Cancellation);
    }

    private static readonly OneBufferWriter Destination = new(SealedLayout.ChunkLength);
}
