using System.Net;
using System.Net.Http.Headers;
using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Uploading;

/// <summary>Bytes of a file from an offset on, read while they are sent. Before each piece leaves, the file is looked at: a changed one is never finished.</summary>
internal sealed class FilePart : HttpContent
{
    private const int Piece = 256 * 1024;

    private readonly LocalFile file;
    private readonly long offset;
    private readonly long length;
    private readonly Action<long> sent;

    /// <param name="sent">Told the offset behind each piece that has left.</param>
    public FilePart(LocalFile file, long offset, long length, Action<long> sent)
    {
        (this.file, this.offset, this.length, this.sent) = (file, offset, length, sent);
        Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var opened = Here(() => File.OpenHandle(file.Place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan));
        var buffer = new byte[Math.Min(Piece, length)];
        for (var next = offset; next < offset + length;)
        {
            var at = next;
            var count = Here(() => RandomAccess.Read(opened, buffer.AsSpan(0, (int)Math.Min(buffer.Length, offset + length - at)), at));
            file.RequireUnchanged();
            if (count == 0) throw new FileChangedException(file.Shown);
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            next = at + count;
            sent(next);
        }
    }

    /// <summary>A disk that fails here is no broken line: trying again would not mend it.</summary>
    private T Here<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            if (!File.Exists(file.Place)) throw new FileChangedException(file.Shown);
            throw new CommandException(ExitCode.InputOutput, $"{ShownText.Of(file.Shown)} can't be read: {ShownText.Of(failed.Message)}");
        }
    }

    protected override bool TryComputeLength(out long bytes)
    {
        bytes = length;
        return true;
    }
}
