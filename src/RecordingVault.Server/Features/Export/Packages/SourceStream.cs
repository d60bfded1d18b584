using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>A file that is read once, from its beginning.</summary>
/// <param name="source">What is read.</param>
/// <param name="check">Told of every byte that goes by; null where nothing is to be checked.</param>
/// <param name="held">Disposed with it, the last first.</param>
internal sealed class SourceStream(IByteSource source, SignedCheck? check, params IReadOnlyList<IDisposable> held) : Stream
{
    private long position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => source.Length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var part = buffer[..(int)Math.Min(buffer.Length, source.Length - position)];
        if (part.IsEmpty)
            return 0;
        await source.ReadAsync(position, part, cancellationToken);
        check?.Append(part.Span);
        position += part.Length;
        return part.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var one in held.Reverse())
                one.Dispose();
        }

        base.Dispose(disposing);
    }
}
