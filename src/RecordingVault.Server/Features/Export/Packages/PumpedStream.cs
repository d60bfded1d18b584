using System.IO.Pipelines;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>What somebody writes, as a stream that is read once: the writer begins with the first read, never runs ahead of its reader by more than a pipe, and is over when the stream is disposed.</summary>
internal sealed class PumpedStream(Pipe pipe, Func<CancellationToken, Task> write, CancellationToken cancellationToken) : Stream
{
    private readonly CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Stream reader = pipe.Reader.AsStream();
    private Task? writing;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        writing ??= write(ended.Token);
        return reader.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await reader.DisposeAsync();
        if (writing is not null)
            await Task.WhenAny(writing);
        ended.Dispose();
        await base.DisposeAsync();
    }

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
            reader.Dispose();
        base.Dispose(disposing);
    }
}
