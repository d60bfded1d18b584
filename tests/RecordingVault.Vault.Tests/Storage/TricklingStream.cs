namespace RecordingVault.Vault.Tests.Storage;

/// <summary>Gives its bytes in uneven pieces, as a network does, and may break.</summary>
internal sealed class TricklingStream(byte[] bytes, int breakAt = int.MaxValue) : Stream
{
    private int position;
    private int piece = 1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (position >= breakAt) throw new IOException("The connection broke.");
        piece = (piece * 7 % 50_021) + 1;
        var count = Math.Min(Math.Min(buffer.Length, piece), Math.Min(bytes.Length, breakAt) - position);
        bytes.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return Read(buffer.Span);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
