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

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (position >= breakAt) throw new IOException("The connection broke.");
        piece = (piece * 7 % 50_021) + 1;
        count = Math.Min(Math.Min(count, piece), Math.Min(bytes.Length, breakAt) - position);
        bytes.AsSpan(position, count).CopyTo(buffer.AsSpan(offset));
        position += count;
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        var room = new byte[buffer.Length];
        var count = Read(room, 0, room.Length);
        room.AsSpan(0, count).CopyTo(buffer.Span);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
