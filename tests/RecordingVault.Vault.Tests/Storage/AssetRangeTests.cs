using System.IO.Pipelines;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class AssetRangeTests : IAsyncLifetime
{
    private const int Chunk = 65_536;

    private readonly OpenVault vault = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 0)]
    [InlineData(Chunk - 1, 2)]
    [InlineData(Chunk, Chunk)]
    [InlineData(199_999, 2)]
    [InlineData(150_000, 1_300_000)]
    [InlineData(1_500_005, 0)]
    [InlineData(1_500_004, 1)]
    [InlineData(0, 1_500_005)]
    public async Task Any_range_is_the_slice_also_across_segments(int offset, int length)
    {
        var (asset, content) = await vault.PutOriginalAsync(200_000, 1, 4, 1_300_000);
        using var reader = vault.Open(asset);

        Assert.Equal(Slice(content, offset, length), await ReadAsync(reader, offset, length));
        await using var range = await reader.OpenRangeAsync(offset, length, Cancellation);
        using var streamed = new MemoryStream();
        await range.CopyToAsync(streamed, Cancellation);
        Assert.Equal(Slice(content, offset, length), streamed.ToArray());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 101)]
    [InlineData(100, 1)]
    [InlineData(101, 0)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, long.MaxValue)]
    public async Task A_range_outside_of_the_asset_is_refused(long offset, long length)
    {
        var (asset, _) = await vault.PutOriginalAsync(100);
        using var reader = vault.Open(asset);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => reader.OpenRangeAsync(offset, length, Cancellation));
    }

    [Fact]
    public async Task A_seek_reads_nothing_before_it_and_only_the_chunks_that_it_needs()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity, SegmentBuffer.Capacity, 1_000_000);
        using var reader = vault.Open(asset);
        vault.Counting.Forget();

        await ReadAsync(reader, SegmentBuffer.Capacity + (3 * Chunk) + 5, Chunk);

        var (name, offset, length) = Assert.Single(vault.Counting.Reads);
        Assert.EndsWith(asset.Segments[1].ObjectId.ToString(), name);
        Assert.Equal(SealedLayout.ChunkOffset(3), offset);
        Assert.Equal(2 * SealedLayout.SealedChunkLength, length);
    }

    [Fact]
    public async Task The_first_chunk_is_verified_before_the_range_is_open()
    {
        var (asset, _) = await vault.PutOriginalAsync(300_000);
        await ChangeAsync(asset.Segments[0], SealedLayout.ChunkOffset(2) + 77);
        using var reader = vault.Open(asset);

        await Assert.ThrowsAsync<SealedFormatException>(() => reader.OpenRangeAsync((2 * Chunk) + 1, 10, Cancellation));
        await using var before = await reader.OpenRangeAsync(0, 300_000, Cancellation);
    }

    [Fact]
    public async Task A_damaged_chunk_ends_the_copy_with_nothing_but_verified_bytes()
    {
        var (asset, content) = await vault.PutOriginalAsync(1_000_000);
        await ChangeAsync(asset.Segments[0], SealedLayout.ChunkOffset(11) + 5);
        using var reader = vault.Open(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        using var received = new MemoryStream();
        var pipe = PipeWriter.Create(received);

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => range.CopyToAsync(pipe, null, Cancellation));
        await pipe.CompleteAsync();

        Assert.Equal(FormatFailure.Damaged, problem.Failure);
        Assert.Equal(Slice(content, 0, 11 * Chunk), received.ToArray());
    }

    [Fact]
    public async Task The_memory_of_a_pipe_never_holds_a_chunk_that_was_refused()
    {
        var (asset, _) = await vault.PutOriginalAsync(3 * Chunk);
        await ChangeAsync(asset.Segments[0], SealedLayout.ChunkOffset(1) + 5);
        using var reader = vault.Open(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        var destination = new OneBufferWriter(Chunk);

        await Assert.ThrowsAsync<SealedFormatException>(() => range.CopyToAsync(destination, null, Cancellation));

        Assert.Equal(Chunk, destination.Advanced);
        Assert.Equal(0, destination.Buffer.AsSpan().IndexOfAnyExcept((byte)0) + 1);
    }

    [Theory]
    [InlineData(SealedChunkEnd - 1)]
    [InlineData(SealedChunkEnd)]
    [InlineData(200)]
    [InlineData(0)]
    public async Task A_cut_object_is_truncated_and_not_shorter(int cutTo)
    {
        var (asset, _) = await vault.PutOriginalAsync(3 * Chunk);
        await using (var file = File.OpenWrite(vault.FileOf(asset.Segments[0].ObjectId))) file.SetLength(cutTo);
        using var reader = vault.Open(asset);

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => ReadAsync(reader, 0, reader.Length));

        Assert.Equal(FormatFailure.Truncated, problem.Failure);
    }

    [Fact]
    public async Task An_asset_whose_segments_end_before_it_does_is_refused()
    {
        var (asset, _) = await vault.PutOriginalAsync(10);
        using var reader = vault.Open(asset with { Length = 11 });

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => ReadAsync(reader, 0, 11));

        Assert.Equal(FormatFailure.LengthSum, problem.Failure);
    }

    [Fact]
    public async Task A_segment_that_is_gone_is_missing()
    {
        var (asset, _) = await vault.PutOriginalAsync(Chunk, Chunk);
        File.Delete(vault.FileOf(asset.Segments[1].ObjectId));
        using var reader = vault.Open(asset);

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => ReadAsync(reader, 0, reader.Length));

        Assert.Equal(FormatFailure.Missing, problem.Failure);
    }

    [Fact]
    public async Task The_first_byte_leaves_after_one_chunk_and_the_rest_in_large_steps()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity);
        using var reader = vault.Open(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        List<int> flushes = [];

        await range.CopyToAsync(PipeWriter.Create(Stream.Null), flushes.Add, Cancellation);

        Assert.Equal(Chunk, flushes[0]);
        Assert.Equal(SegmentBuffer.Capacity, flushes.Sum());
        Assert.All(flushes.Skip(1).SkipLast(1), count => Assert.InRange(count, 512 * 1024, 1024 * 1024));
    }

    [Fact]
    public async Task The_copy_stops_when_nobody_reads_any_more()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity, SegmentBuffer.Capacity);
        using var reader = vault.Open(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        var flushed = 0;

        await range.CopyToAsync(pipe.Writer, count => flushed += count, Cancellation);

        Assert.Equal(Chunk, flushed);
    }

    [Fact]
    public async Task A_copy_that_waits_for_a_slow_reader_can_be_cancelled()
    {
        var (asset, _) = await vault.PutOriginalAsync(SegmentBuffer.Capacity);
        using var reader = vault.Open(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using var gone = new CancellationTokenSource();

        var copy = range.CopyToAsync(pipe.Writer, null, gone.Token);
        Assert.False(copy.IsCompleted);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy);
    }

    [Fact]
    public async Task A_range_is_copied_once()
    {
        var (asset, _) = await vault.PutOriginalAsync(10);
        using var reader = vault.Open(asset);
        await using var range = await reader.OpenRangeAsync(0, 10, Cancellation);
        await range.CopyToAsync(Stream.Null, Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(() => range.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    public async Task Ranges_of_one_reader_may_be_read_side_by_side()
    {
        var (asset, content) = await vault.PutOriginalAsync(2_000_000, 2_000_000);
        using var reader = vault.Open(asset);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            Assert.Equal(Slice(content, i * 200_003, 900_001), await ReadAsync(reader, i * 200_003, 900_001)))));
    }

    [Fact]
    public async Task A_reader_opens_nothing_after_its_key_was_wiped()
    {
        var (asset, _) = await vault.PutOriginalAsync(10);
        var reader = vault.Open(asset);
        reader.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => reader.OpenRangeAsync(0, 10, Cancellation));
    }

    [Fact]
    public async Task A_segment_of_another_role_or_recording_does_not_open()
    {
        var (asset, _) = await vault.PutOriginalAsync(10);
        using var reader = vault.Open(asset with { Role = ObjectRole.Rendition });
        var from = vault.FileOf(asset.Segments[0].ObjectId);
        var to = from.Replace("/original/", "/rendition/", StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);

        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => reader.OpenRangeAsync(0, 10, Cancellation));

        Assert.Equal(FormatFailure.Damaged, problem.Failure);
        Assert.Throws<ArgumentException>(() => vault.Store.OpenAsset(vault.Key, vault.Key.TenantId, Guid.NewGuid(), asset));
        Assert.Throws<ArgumentException>(() => vault.Store.OpenAsset(vault.Key, Guid.NewGuid(), vault.Key.OwnerId, asset));
    }

    private static byte[] Slice(byte[] content, int offset, int length) => content.AsSpan(offset, length).ToArray();

    private const int SealedChunkEnd = SealedLayout.HeaderLength + SealedLayout.SealedChunkLength;

    private static async Task<byte[]> ReadAsync(AssetReader reader, long offset, long length)
    {
        await using var range = await reader.OpenRangeAsync(offset, length, Cancellation);
        Assert.Equal((offset, length), (range.Offset, range.Length));
        var all = new MemoryStream();
        var pipe = PipeWriter.Create(all);
        await range.CopyToAsync(pipe, null, Cancellation);
        await pipe.CompleteAsync();
        return all.ToArray();
    }

    private async Task ChangeAsync(SegmentRef segment, long at)
    {
        await using var file = File.Open(vault.FileOf(segment.ObjectId), FileMode.Open);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
    }
}
