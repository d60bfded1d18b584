using System.Security.Cryptography;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Walks the chunks that a range of an asset touches, across the borders of segments. Reads one chunk first, then two at a time (what was read should
/// still lie near the processor when it is opened), into a pooled buffer that goes back as soon as its chunks are used: who waits for a slow viewer
/// holds none. A segment's key is derived when its first chunk is read. Nothing is allocated for a chunk.
/// </summary>
internal sealed class ChunkWindow(AssetReader reader, long offset, long length) : IAsyncDisposable
{
    private const int ChunksARead = 2;
    private static readonly PinnedPool Buffers = new(ChunksARead * SealedLayout.SealedChunkLength, maxIdle: 16);

    private readonly long end = offset + length;
    private readonly SegmentStreams streams = new(reader, offset + length);
    private byte[]? buffer;
    private long position = offset;
    private int segmentIndex = -1;
    private long segmentStart;
    private SegmentRef? segment;
    private ChunkCipher? cipher;
    private Stream? stream;
    private long chunkIndex;
    private int readFrom;
    private int readTo;
    private bool hasRead;

    /// <summary>Where the next wanted byte stands in the current chunk's plaintext.</summary>
    public int Skip => (int)((position - segmentStart) % SealedLayout.ChunkLength);

    /// <summary>How many bytes of the current chunk are wanted.</summary>
    public int Take => (int)Math.Min(ChunkLength - Skip, end - position);

    /// <summary>Bytes of plaintext in the current chunk.</summary>
    public int ChunkLength => SealedLayout.ChunkPlaintextLength(segment!.PlaintextLength, chunkIndex);

    /// <summary>Makes the next chunk the current one. False at the end of the range.</summary>
    public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (position == end) return ValueTask.FromResult(false);
        return readFrom < readTo ? ValueTask.FromResult(true) : FillAsync(cancellationToken);
    }

    /// <summary>Opens the current chunk into memory of the caller's, all of it.</summary>
    public void OpenInto(Span<byte> destination)
    {
        cipher!.Open(chunkIndex, IsLastOfSegment, SealedChunk, destination);
        Advance();
    }

    /// <summary>Opens the current chunk where it lies and gives what is wanted of it: the caller wipes that. The rest is wiped here.</summary>
    public Memory<byte> OpenInPlace()
    {
        var text = buffer.AsMemory(readFrom, ChunkLength);
        cipher!.Open(chunkIndex, IsLastOfSegment, SealedChunk, text.Span);
        var wanted = text.Slice(Skip, Take);
        CryptographicOperations.ZeroMemory(text.Span[..Skip]);
        CryptographicOperations.ZeroMemory(text.Span[(Skip + Take)..]);
        Advance();
        return wanted;
    }

    /// <summary>Gives the buffer back when all of it was used. What was opened in place must have been copied and wiped.</summary>
    public void ReleaseUsed()
    {
        if (buffer is null || readFrom < readTo) return;
        Buffers.Return(buffer);
        buffer = null;
    }

    public async ValueTask DisposeAsync()
    {
        readFrom = readTo;
        ReleaseUsed();
        if (stream is not null) await stream.DisposeAsync();
        stream = null;
        await streams.DisposeAsync();
        cipher?.Dispose();
        cipher = null;
    }

    private bool IsLastOfSegment => chunkIndex == SealedLayout.ChunkCount(segment!.PlaintextLength) - 1;

    private ReadOnlySpan<byte> SealedChunk => buffer.AsSpan(readFrom, ChunkLength + SealedLayout.TagLength);

    private void Advance()
    {
        var sealedLength = ChunkLength + SealedLayout.TagLength;
        position += Take;
        readFrom += sealedLength;
        chunkIndex++;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (segment is null || position >= segmentStart + segment.PlaintextLength) await OpenSegmentAsync(cancellationToken);

        var wantedEnd = Math.Min(segment!.PlaintextLength, end - segmentStart);
        var lastChunk = (wantedEnd - 1) / SealedLayout.ChunkLength;
        if (hasRead) streams.OpenAhead(segmentIndex);
        var count = hasRead ? Math.Min(ChunksARead, lastChunk - chunkIndex + 1) : 1;
        hasRead = true;
        var plaintextEnd = Math.Min(segment.PlaintextLength, (chunkIndex + count) * SealedLayout.ChunkLength);
        var wanted = (int)(plaintextEnd - (chunkIndex * SealedLayout.ChunkLength) + (count * SealedLayout.TagLength));
        buffer ??= Buffers.Rent();
        var got = await stream!.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
        if (got < wanted) throw new SealedFormatException(FormatFailure.Truncated, $"The object {segment.ObjectId} ends before its chunk {chunkIndex + (got / SealedLayout.SealedChunkLength)}.");
        (readFrom, readTo) = (0, wanted);
        return true;
    }

    private async Task OpenSegmentAsync(CancellationToken cancellationToken)
    {
        if (stream is not null) await stream.DisposeAsync();
        stream = null;
        cipher?.Dispose();
        cipher = null;

        var segments = reader.Asset.Segments;
        while (segment is null || position >= segmentStart + segment.PlaintextLength)
        {
            if (segment is not null) segmentStart += segment.PlaintextLength;
            if (++segmentIndex == segments.Count) throw new SealedFormatException(FormatFailure.LengthSum, $"The segments of asset {reader.Asset.Id} end before it does.");
            segment = segments[segmentIndex];
        }
        chunkIndex = (position - segmentStart) / SealedLayout.ChunkLength;
        stream = await streams.OpenAsync(segmentIndex, segmentStart, chunkIndex, cancellationToken);
        cipher = reader.DeriveCipher(segment);
    }
}
