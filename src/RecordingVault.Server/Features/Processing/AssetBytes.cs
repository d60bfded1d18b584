using System.Security.Cryptography;
using RecordingVault.Marks.Splicing;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>A sealed asset as the readers of marks see it. They ask for few bytes at a time, one beside the other, so a block is kept; it is wiped at the end.</summary>
internal sealed class AssetBytes(AssetReader asset) : IByteSource, IDisposable
{
    private const int BlockLength = 256 * 1024;

    private readonly byte[] block = new byte[BlockLength];
    private long at = -1;

    public long Length => asset.Length;

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
        await using var range = await asset.OpenRangeAsync(start, Math.Min(BlockLength, Length - start), cancellationToken);
        await range.CopyToAsync(into, cancellationToken);
        at = start;
    }
}
