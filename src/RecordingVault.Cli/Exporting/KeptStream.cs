using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Exporting;

/// <summary>What is read is written to a file as well. A line on which nothing comes is given up after a while; and a fault of the line is told from one of the disk.</summary>
/// <param name="silent">Cancelled when nothing has come for as long as the vault's answers may take.</param>
internal sealed class KeptStream(Stream source, Stream file, CancellationTokenSource silent) : Stream
{
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
        var count = await FromLineAsync(buffer, cancellationToken);
        await file.WriteAsync(buffer[..count], cancellationToken);
        silent.CancelAfter(VaultClient.Patience);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("What comes over a network is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<int> FromLineAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException broken)
        {
            throw new HttpRequestException(broken.Message, broken);
        }
    }
}
