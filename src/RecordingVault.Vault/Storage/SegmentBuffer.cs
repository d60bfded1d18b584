using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Room for one segment, laid out as it will be stored: header, then chunks with gaps for their tags, so that sealing happens in place and the
/// segment leaves as it lies. Plaintext in it is overwritten by sealing or wiped by <see cref="Dispose"/>. For one task at a time.
/// </summary>
public sealed class SegmentBuffer : IDisposable
{
    public const int Capacity = SealedLayout.MaxSegmentLength;

    internal const int SealedCapacity =
        SealedLayout.HeaderLength + (Capacity / SealedLayout.ChunkLength * SealedLayout.SealedChunkLength);

    private readonly SegmentPool pool;
    private readonly Lock gate = new();
    private byte[]? storage;
    private ChunkCipher? cipher;
    private int sealedChunks;
    private bool spent;
    private bool isSealed;
    private bool isHeld;
    private bool isDisposed;

    internal SegmentBuffer(SegmentPool pool, byte[] storage)
    {
        this.pool = pool;
        this.storage = storage;
    }

    /// <summary>Bytes of plaintext in it.</summary>
    public int Length { get; private set; }

    public bool IsFull => Length == Capacity;

    /// <summary>Null until sealing began.</summary>
    internal SegmentSealing? Sealing { get; private set; }

    /// <summary>Bytes that are not sealed yet.</summary>
    internal int UnsealedLength => Length - (sealedChunks * SealedLayout.ChunkLength);

    /// <summary>Room for the next bytes: at most to the end of the current chunk, at least one byte. Throws when the buffer is full.</summary>
    public Memory<byte> GetMemory()
    {
        var bytes = Open();
        if (IsFull) throw new InvalidOperationException("The segment is full.");
        var inChunk = Length % SealedLayout.ChunkLength;
        return bytes.AsMemory((int)SealedLayout.ChunkOffset(Length / SealedLayout.ChunkLength) + inChunk, SealedLayout.ChunkLength - inChunk);
    }

    /// <summary>Counts bytes that were written to <see cref="GetMemory"/>.</summary>
    public void Advance(int count)
    {
        Open();
        var room = IsFull ? 0 : SealedLayout.ChunkLength - (Length % SealedLayout.ChunkLength);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, room);
        Length += count;
    }

    /// <summary>Drops and wipes what follows the first <paramref name="length"/> bytes: something that could not be read to its end.</summary>
    public void Truncate(int length)
    {
        var bytes = Open();
        // A chunk that was sealed is never sealed again with other bytes.
        if (Sealing is not null) throw new InvalidOperationException("The segment is being sealed, and nothing of it can be taken back.");
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        CryptographicOperations.ZeroMemory(bytes.AsSpan(Position(length)..End()));
        Length = length;
    }

    /// <summary>Copies bytes in, across chunks.</summary>
    internal void Append(ReadOnlySpan<byte> plaintext)
    {
        while (!plaintext.IsEmpty)
        {
            var room = GetMemory().Span;
            var count = Math.Min(room.Length, plaintext.Length);
            plaintext[..count].CopyTo(room);
            Advance(count);
            plaintext = plaintext[count..];
        }
    }

    /// <summary>
    /// Keeps the room while it is sealed and stored in the background. It takes nothing more from now on, and a disposal waits for
    /// <see cref="Release"/>: or the room would be filled by another upload while it is still being written.
    /// </summary>
    internal void Hold()
    {
        lock (gate)
        {
            Open();
            spent = true;
            isHeld = true;
        }
    }

    internal void Release()
    {
        lock (gate)
        {
            isHeld = false;
            if (isDisposed) WipeAndReturn();
        }
    }

    /// <summary>Decides what it will be sealed as, once. It may go on to be filled.</summary>
    internal void BeginSealing(SecretKey ownerKey, SegmentSealing sealing)
    {
        if (Sealing is not null) throw new InvalidOperationException("A segment is sealed once.");
        var bytes = isHeld ? storage! : Open();
        sealing.Place.WriteKeyed(sealing.Salt, bytes);
        cipher = ObjectKey.DeriveAndCommit(ownerKey, bytes.AsSpan(0, SealedLayout.HeaderLength));
        Sealing = sealing;
    }

    /// <summary>Seals the chunks that more bytes follow: they won't be the last, and lie near the processor since they were filled.</summary>
    internal void SealFullChunks()
    {
        var bytes = Open();
        while (Length > (sealedChunks + 1) * SealedLayout.ChunkLength) SealNext(bytes, isLast: false);
    }

    /// <summary>Seals what is left of it, once, between <see cref="Hold"/> and <see cref="Release"/>. Nothing in it is readable afterwards.</summary>
    internal ReadOnlyMemory<byte> Seal()
    {
        if (!isHeld || isSealed || Sealing is null) throw new InvalidOperationException("A segment is sealed once, while it is held.");
        var bytes = storage!;
        var chunks = (int)SealedLayout.ChunkCount(Length);
        while (sealedChunks < chunks) SealNext(bytes, isLast: sealedChunks == chunks - 1);
        isSealed = true;
        DropCipher();
        return bytes.AsMemory(0, (int)SealedLayout.SealedLength(Length));
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            if (!isHeld) WipeAndReturn();
        }
    }

    // Sealing overwrote every byte that was counted. What was handed out and not counted stands behind it, in the same chunk.
    private void WipeAndReturn()
    {
        var bytes = storage!;
        storage = null;
        DropCipher();
        var from = isSealed ? End() : 0;
        CryptographicOperations.ZeroMemory(bytes.AsSpan(from, Math.Min(bytes.Length - from, End() - from + SealedLayout.ChunkLength)));
        pool.Return(bytes);
    }

    private void SealNext(byte[] bytes, bool isLast)
    {
        var at = (int)SealedLayout.ChunkOffset(sealedChunks);
        var length = SealedLayout.ChunkPlaintextLength(Length, sealedChunks);
        // The number is used up before it is used: whatever goes wrong, it never seals other bytes.
        var chunk = sealedChunks++;
        try
        {
            cipher!.Seal(chunk, isLast, bytes.AsSpan(at, length), bytes.AsSpan(at + length, SealedLayout.TagLength));
        }
        catch
        {
            spent = true;
            throw;
        }
    }

    private void DropCipher()
    {
        cipher?.Dispose();
        cipher = null;
    }

    private byte[] Open()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return spent ? throw new InvalidOperationException("The segment was sealed and takes nothing more.") : storage!;
    }

    private int End() => Position(Length);

    private static int Position(int length) =>
        (int)SealedLayout.ChunkOffset(length / SealedLayout.ChunkLength) + (length % SealedLayout.ChunkLength);
}

/// <summary>What a segment is sealed as: decided once, before its first chunk is.</summary>
internal sealed record SegmentSealing(SealedHeader Place, byte[] Salt, Guid KeyId);
