using System.Security.Cryptography;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>A file as it leaves, to be read anywhere: by a job that signs it and reads it back. One block of it is kept in memory, and wiped at the end.</summary>
/// <param name="bytes">The file.</param>
/// <param name="layout">How it is put together; null where it leaves as it lies there.</param>
internal sealed class ServedSource(ServedBytes bytes, MarkedLayout? layout) : IByteSource, IDisposable
{
    private const int BlockLength = 256 * 1024;

    private readonly byte[] block = new byte[BlockLength];
    private long at = -1;

    public long Length => bytes.Length;

    /// <summary>Where its front stands; null where it has none.</summary>
    public PlacedFront? Place => layout is null ? null : new PlacedFront(this, layout.FrontAt, layout.FrontLength);

    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            var start = offset - (offset % BlockLength);
            if (start != at)
                await FillAsync(start, cancellationToken);
            var part = block.AsMemory((int)(offset - start), (int)Math.Min(buffer.Length, start + BlockLength - offset));
            part.CopyTo(buffer);
            buffer = buffer[part.Length..];
            offset += part.Length;
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(block);

    private async Task FillAsync(long start, CancellationToken cancellationToken)
    {
        at = -1;
        using var into = new MemoryStream(block);
        await using var range = await bytes.OpenRangeAsync(start, Math.Min(BlockLength, Length - start), cancellationToken);
        await range.CopyToAsync(into, cancellationToken);
        at = start;
    }
}
