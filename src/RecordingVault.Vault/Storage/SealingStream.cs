using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Seals while it is read: plaintext of unknown length goes in below, one sealed object comes out. It holds two chunks, since a chunk is sealed as
/// the last one or not, and that shows only when the next one is looked for.
/// </summary>
internal sealed class SealingStream : Stream
{
    private static readonly PinnedPool Chunks = new(SealedLayout.SealedChunkLength, maxIdle: 16);

    private readonly Stream plaintext;
    private readonly ChunkCipher cipher;
    private byte[] current = Chunks.Rent();
    private byte[] next = Chunks.Rent();
    private int nextLength = -1;
    private long chunkIndex;
    private bool lastSealed;
    private bool failed;
    private ReadOnlyMemory<byte> ready;

    public SealingStream(Stream plaintext, SecretKey ownerKey, SealedHeader header, ReadOnlySpan<byte> salt)
    {
        this.plaintext = plaintext;
        var bytes = new byte[SealedLayout.HeaderLength];
        header.WriteKeyed(salt, bytes);
        cipher = ObjectKey.DeriveAndCommit(ownerKey, bytes);
        ready = bytes;
    }

    /// <summary>Whole once the stream was read to its end.</summary>
    public long PlaintextLength { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ready.IsEmpty && !lastSealed) await SealNextAsync(cancellationToken);
        var count = Math.Min(buffer.Length, ready.Length);
        ready[..count].CopyTo(buffer);
        ready = ready[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously: what it seals arrives over a network.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && current.Length > 0)
        {
            foreach (var chunk in (ReadOnlySpan<byte[]>)[current, next])
            {
                CryptographicOperations.ZeroMemory(chunk);
                Chunks.Return(chunk);
            }
            current = next = [];
            ready = default;
            cipher.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task SealNextAsync(CancellationToken cancellationToken)
    {
        // A writer that stopped is never taken up again: what it would seal next is not known any more.
        if (failed) throw new InvalidOperationException("The plaintext could not be read to its end. Seal it anew.");
        failed = true;
        var length = nextLength >= 0 ? nextLength : await FillAsync(next, cancellationToken);
        (current, next) = (next, current);
        nextLength = length == SealedLayout.ChunkLength ? await FillAsync(next, cancellationToken) : 0;
        failed = false;
        lastSealed = nextLength == 0;
        PlaintextLength += length;
        if (PlaintextLength > SealedLayout.MaxPlaintextLength) throw new IOException("An object holds at most 64 GiB.");
        cipher.Seal(chunkIndex++, lastSealed, current.AsSpan(0, length), current.AsSpan(length, SealedLayout.TagLength));
        ready = current.AsMemory(0, length + SealedLayout.TagLength);
    }

    private ValueTask<int> FillAsync(byte[] chunk, CancellationToken cancellationToken) =>
        plaintext.ReadAtLeastAsync(chunk.AsMemory(0, SealedLayout.ChunkLength), SealedLayout.ChunkLength, throwOnEndOfStream: false, cancellationToken);
}
