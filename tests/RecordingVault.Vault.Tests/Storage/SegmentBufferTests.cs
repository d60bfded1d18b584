using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class SegmentBufferTests : IAsyncLifetime
{
    private readonly OpenVault vault = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task It_takes_four_mebibytes_and_not_a_byte_more()
    {
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);

        while (!buffer.IsFull)
        {
            var room = buffer.GetMemory().Length;
            Assert.InRange(room, 1, 65_536);
            buffer.Advance(room);
        }

        Assert.Equal(SegmentBuffer.Capacity, buffer.Length);
        Assert.Throws<InvalidOperationException>(() => buffer.GetMemory());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1));
    }

    [Fact]
    public async Task Counting_more_than_there_was_room_for_is_refused()
    {
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        buffer.Advance(10);

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(65_527));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
        Assert.Equal(10, buffer.Length);
    }

    [Theory]
    [InlineData(100_000, 70_000)]
    [InlineData(100_000, 65_536)]
    [InlineData(65_536, 1)]
    [InlineData(200_000, 0)]
    public async Task What_was_dropped_is_gone_and_the_rest_is_sealed(int length, int kept)
    {
        var content = OpenVault.Counted(length);
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        buffer.Append(content);

        buffer.Truncate(kept);
        buffer.Append([1, 2, 3]);
        var segment = await vault.Store.PutSegmentAsync(vault.Key, ObjectRole.OriginalSegment, buffer, Cancellation);

        Assert.Equal([.. content.Take(kept), 1, 2, 3], await ReadAsync(segment));
    }

    [Fact]
    public async Task Returned_room_holds_nothing_readable_whether_it_was_sealed_or_not()
    {
        var pool = new SegmentPool(1, 1);
        var written = Enumerable.Repeat((byte)'x', 300_000).ToArray();
        var sealing = new SegmentSealing(new SealedHeader(ObjectRole.OriginalSegment, vault.Key.TenantId, vault.Key.OwnerId, Guid.NewGuid()), new byte[32], vault.Key.Id);
        Memory<byte> first;
        using (var buffer = await pool.RentAsync(Cancellation))
        {
            first = buffer.GetMemory();
            buffer.Append(written);
            // Written, as a receiver does, and never counted.
            buffer.GetMemory().Span.Fill((byte)'x');
        }
        Assert.DoesNotContain("xxxxxxxx"u8.ToArray(), All(first));

        using (var buffer = await pool.RentAsync(Cancellation))
        {
            buffer.Append(written);
            buffer.BeginSealing(vault.Key, sealing);
            buffer.SealFullChunks();
            buffer.GetMemory().Span.Fill((byte)'x');
        }
        Assert.DoesNotContain("xxxxxxxx"u8.ToArray(), All(first));

        using (var buffer = await pool.RentAsync(Cancellation))
        {
            buffer.Append(written);
            buffer.GetMemory().Span.Fill((byte)'x');
            buffer.BeginSealing(vault.Key, sealing);
            buffer.Hold();
            buffer.Seal();
            buffer.Release();
        }
        Assert.DoesNotContain("xxxxxxxx"u8.ToArray(), All(first));
    }

    [Fact]
    public async Task Who_disposes_while_the_segment_is_being_stored_does_not_give_its_room_away()
    {
        var pool = new SegmentPool(1, 1);
        var buffer = await pool.RentAsync(Cancellation);
        buffer.Append(new byte[100]);
        buffer.Hold();

        buffer.Dispose();
        var next = pool.RentAsync(Cancellation).AsTask();
        Assert.False(next.IsCompleted);
        buffer.Release();

        (await next).Dispose();
    }

    [Fact]
    public async Task A_sealed_segment_takes_nothing_more()
    {
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        buffer.Append([1]);
        await vault.Store.PutSegmentAsync(vault.Key, ObjectRole.OriginalSegment, buffer, Cancellation);

        Assert.Throws<InvalidOperationException>(() => buffer.GetMemory());
        Assert.Throws<InvalidOperationException>(() => buffer.Advance(0));
        Assert.Throws<InvalidOperationException>(() => buffer.Truncate(0));
        await Assert.ThrowsAsync<InvalidOperationException>(() => vault.Store.PutSegmentAsync(vault.Key, ObjectRole.OriginalSegment, buffer, Cancellation));
    }

    [Fact]
    public async Task What_is_sealed_ahead_can_no_longer_be_read_in_memory_and_opens_as_it_was_written()
    {
        var written = Enumerable.Range(0, 3 * SealedLayout.ChunkLength).Select(index => (byte)(index % 251)).ToArray();
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        var first = buffer.GetMemory();
        buffer.Append(written.AsSpan(..SealedLayout.ChunkLength));

        vault.Store.SealAhead(vault.Key, ObjectRole.OriginalSegment, buffer);
        Assert.Equal(written[..SealedLayout.ChunkLength], first.ToArray()); // it may still be the last one
        buffer.Append(written.AsSpan(SealedLayout.ChunkLength..));
        vault.Store.SealAhead(vault.Key, ObjectRole.OriginalSegment, buffer);
        Assert.NotEqual(written[..SealedLayout.ChunkLength], first.ToArray());

        var segment = await vault.Store.PutSegmentAsync(vault.Key, ObjectRole.OriginalSegment, buffer, Cancellation);
        using var reread = await vault.Store.RentSegmentAsync(Cancellation);
        var start = reread.GetMemory();
        await vault.Store.ReadSegmentAsync(vault.Key, ObjectRole.OriginalSegment, segment, reread, Cancellation);
        Assert.Equal(written.Length, reread.Length);
        Assert.Equal(written[..SealedLayout.ChunkLength], start.ToArray());
    }

    [Fact]
    public async Task What_is_being_sealed_can_neither_be_taken_back_nor_become_something_else()
    {
        using var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        buffer.Append([1, 2, 3]);
        vault.Store.SealAhead(vault.Key, ObjectRole.OriginalSegment, buffer);

        Assert.Throws<InvalidOperationException>(() => buffer.Truncate(1));
        var tail = new SegmentRef(Guid.NewGuid(), new byte[32], 1);
        await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.ReadSegmentAsync(vault.Key, ObjectRole.OriginalSegment, tail, buffer, Cancellation));
        Assert.Throws<ArgumentException>(() => vault.Store.SealAhead(vault.Key, ObjectRole.Captions, buffer));
        await Assert.ThrowsAsync<ArgumentException>(() => vault.Store.PutSegmentAsync(vault.Key, ObjectRole.Captions, buffer, Cancellation));
    }

    [Fact]
    public async Task A_disposed_buffer_refuses_every_use()
    {
        var buffer = await vault.Store.RentSegmentAsync(Cancellation);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.GetMemory());
        Assert.Throws<ObjectDisposedException>(() => buffer.Advance(0));
    }

    [Fact]
    public async Task Who_finds_all_room_taken_waits_for_the_first_that_is_given_back()
    {
        var pool = new SegmentPool(2, 2);
        using var first = await pool.RentAsync(Cancellation);
        var second = await pool.RentAsync(Cancellation);

        var third = pool.RentAsync(Cancellation).AsTask();
        Assert.False(third.IsCompleted);
        second.Dispose();

        using var rented = await third;
        Assert.Equal(0, rented.Length);
    }

    [Fact]
    public async Task Waiting_for_room_can_be_cancelled()
    {
        var pool = new SegmentPool(1, 1);
        using var first = await pool.RentAsync(Cancellation);
        using var giveUp = new CancellationTokenSource();

        var second = pool.RentAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    // All of the array behind it, whose beginning is the header.
    private static byte[] All(Memory<byte> inside)
    {
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(inside, out var array));
        return array.Array!;
    }

    private async Task<byte[]> ReadAsync(SegmentRef segment)
    {
        using var reader = vault.Open(new ManifestAsset(Guid.NewGuid(), ObjectRole.OriginalSegment, "a/b", segment.PlaintextLength, [segment]));
        await using var range = await reader.OpenRangeAsync(0, reader.Length, Cancellation);
        using var all = new MemoryStream();
        await range.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }
}
