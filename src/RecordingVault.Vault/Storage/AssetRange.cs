using System.IO.Pipelines;
using System.Security.Cryptography;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// One range of an asset on its way out, once. Each chunk is verified before a byte of it is handed on; when one is damaged, copying throws and
/// what was handed on until then was right.
/// </summary>
public sealed class AssetRange : IAsyncDisposable
{
    /// <summary>A flush wakes whoever reads, and costs a hop between threads where he is slow: what counts for speed is bytes a flush.</summary>
    private const int FlushLength = 512 * 1024;

    private readonly ChunkWindow window;
    private Memory<byte> first;
    private bool copied;
    private StreamTurn turn;

    internal AssetRange(AssetReader reader, long offset, long length)
    {
        Offset = offset;
        Length = length;
        window = new ChunkWindow(reader, offset, length);
    }

    public long Offset { get; }

    public long Length { get; }

    internal async Task OpenFirstChunkAsync(CancellationToken cancellationToken)
    {
        if (await window.MoveNextAsync(cancellationToken)) first = window.OpenInPlace();
    }

    /// <summary>
    /// Opens straight into the pipe's memory. Flushes after the first chunk, so that the first byte leaves early, and then in large steps;
    /// <paramref name="flushing"/> is told the bytes of each flush before it,
    /// so that nobody takes any uncounted by going in the middle of it. Returns early when the reader of the pipe is gone.
    /// </summary>
    public async Task CopyToAsync(PipeWriter destination, Action<int>? flushing, CancellationToken cancellationToken)
    {
        Begin();
        var unflushed = CopyFirst(destination);
        if (unflushed > 0 && !await FlushAsync(destination, unflushed, flushing, cancellationToken)) return;
        if (turn.IsOverAfter(unflushed)) await Task.Yield();
        unflushed = 0;

        while (await window.MoveNextAsync(cancellationToken))
        {
            unflushed += CopyChunk(destination);
            if (unflushed < FlushLength) continue;
            if (!await FlushAsync(destination, unflushed, flushing, cancellationToken)) return;
            if (turn.IsOverAfter(unflushed)) await Task.Yield();
            unflushed = 0;
        }
        if (unflushed > 0) await FlushAsync(destination, unflushed, flushing, cancellationToken);
    }

    /// <summary>The same into a stream, chunk by chunk.</summary>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        Begin();
        await WriteAndWipeAsync(destination, first, cancellationToken);
        while (await window.MoveNextAsync(cancellationToken)) await WriteAndWipeAsync(destination, window.OpenInPlace(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        CryptographicOperations.ZeroMemory(first.Span);
        first = default;
        copied = true;
        await window.DisposeAsync();
    }

    private async Task<bool> FlushAsync(PipeWriter destination, int count, Action<int>? flushing, CancellationToken cancellationToken)
    {
        window.ReleaseUsed();
        flushing?.Invoke(count);
        var result = await destination.FlushAsync(cancellationToken);
        return !result.IsCompleted && !result.IsCanceled;
    }

    private static async Task WriteAndWipeAsync(Stream destination, Memory<byte> text, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(text, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text.Span);
        }
    }

    private void Begin()
    {
        if (copied) throw new InvalidOperationException("A range is read once. Open it again.");
        copied = true;
    }

    private int CopyFirst(PipeWriter destination)
    {
        var count = first.Length;
        CopyAndWipe(first.Span, destination);
        first = default;
        return count;
    }

    private int CopyChunk(PipeWriter destination)
    {
        var take = window.Take;
        if (take == window.ChunkLength)
        {
            window.OpenInto(destination.GetMemory(take).Span[..take]);
            destination.Advance(take);
            return take;
        }
        // Only a part is wanted: the rest never enters the pipe's memory, which is not ours to wipe.
        CopyAndWipe(window.OpenInPlace().Span, destination);
        return take;
    }

    private static void CopyAndWipe(Span<byte> text, PipeWriter destination)
    {
        if (text.IsEmpty) return;
        try
        {
            text.CopyTo(destination.GetMemory(text.Length).Span);
            destination.Advance(text.Length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
