using System.Runtime.InteropServices;
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
        // What is wanted in one large piece goes where it is wanted.
        if (buffer.Length >= BlockLength && MemoryMarshal.TryGetArray<byte>(buffer, out var piece))
        {
            await CopyAsync(offset, piece, cancellationToken);
            return;
        }

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
        await CopyAsync(start, new ArraySegment<byte>(block, 0, (int)Math.Min(BlockLength, Length - start)), cancellationToken);
        at = start;
    }

    private async Task CopyAsync(long offset, ArraySegment<byte> piece, CancellationToken cancellationToken)
    {
        using var into = new MemoryStream(piece.Array!, piece.Offset, piece.Count);
        await using var range = await bytes.OpenRangeAsync(offset, piece.Count, cancellationToken);
        await range.CopyToAsync(into, cancellationToken);
    }
}
