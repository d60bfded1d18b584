using System.IO.Pipelines;
using RecordingVault.Marks.Serving;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>A file as it leaves: with the front of the tag in force and all else straight from what is sealed, or, of a kind that takes no mark, as it lies there.</summary>
/// <param name="source">The sealed file.</param>
/// <param name="stored">Its sealed layout; null where there is no mark.</param>
/// <param name="mark">How both are put together; null where there is no mark.</param>
internal sealed class ServedBytes(AssetReader source, AssetReader? stored, ServedMark? mark) : IDisposable
{
    /// <summary>Bytes of the file that leaves.</summary>
    public long Length => mark?.Layout.Length ?? source.Length;

    /// <summary>Fetches and verifies the beginning before it returns, so that damage there can still be answered with an error.</summary>
    /// <exception cref="Vault.Format.SealedFormatException">What is stored of it is missing or damaged.</exception>
    public async ValueTask<ServedRange> OpenRangeAsync(long offset, long length, CancellationToken cancellationToken)
    {
        if (mark is null)
            return new ServedRange(this, await source.OpenRangeAsync(offset, length, cancellationToken), []);
        var parts = mark.Layout.Cut(offset, length);
        var begin = parts.FirstOrDefault();
        if (begin.Length > 0 && begin.Kind is LaidKind.Source or LaidKind.Stored)
            return new ServedRange(this, await OpenAsync(begin, cancellationToken), parts.Skip(1));
        // What begins with our own bytes goes on with the file's: damage there is found before anything is said, too.
        if (parts.FirstOrDefault(part => part.Kind is LaidKind.Source) is { Length: > 0 } ahead)
            await (await OpenAsync(ahead with { Length = 1 }, cancellationToken)).DisposeAsync();
        return new ServedRange(this, null, parts);
    }

    public void Dispose() => stored?.Dispose();

    /// <summary>The same file, to be read anywhere. It is good as long as this is.</summary>
    public ServedSource AsSource() => new(this, mark?.Layout);

    /// <summary>The file that it is made from, as it came.</summary>
    public ServedSource AsItCame() => new(new ServedBytes(source, null, null), null);

    internal Task<AssetRange> OpenAsync(LaidPiece part, CancellationToken cancellationToken) => (part.Kind == LaidKind.Source ? source : stored!).OpenRangeAsync(part.Offset, part.Length, cancellationToken);

    /// <summary>Of a part that lies in memory.</summary>
    internal void Fill(LaidPiece part, Span<byte> into)
    {
        if (part.Kind == LaidKind.Own)
        {
            mark!.Layout.OwnBytes(part).Span.CopyTo(into);
            return;
        }

        var used = mark!.Front.Span[(int)Math.Min(mark.Front.Length, part.Offset)..(int)Math.Min(mark.Front.Length, part.Offset + part.Length)];
        used.CopyTo(into);
        into[used.Length..].Fill(mark.Filler);
    }
}

/// <summary>One range of a file that leaves, once. Its parts are opened one after the other; memory holds one chunk at most.</summary>
/// <param name="file">What it is a range of.</param>
/// <param name="first">Its first part where that is sealed, opened.</param>
/// <param name="rest">The parts behind that, or all.</param>
internal sealed class ServedRange(ServedBytes file, AssetRange? first, IEnumerable<LaidPiece> rest) : IAsyncDisposable
{
    private const int Step = 64 * 1024;

    /// <summary>Into an answer.</summary>
    /// <param name="flushing">Told the bytes of each flush before it.</param>
    public async Task CopyToAsync(PipeWriter destination, Action<int>? flushing, CancellationToken cancellationToken)
    {
        if (first is not null)
            await first.CopyToAsync(destination, flushing, cancellationToken);
        foreach (var part in rest)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (part.Kind is LaidKind.Source or LaidKind.Stored)
            {
                await using var range = await file.OpenAsync(part, cancellationToken);
                await range.CopyToAsync(destination, flushing, cancellationToken);
            }
            else if (!await WriteAsync(part, destination, flushing, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Into a file that is made of it.</summary>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (first is not null)
            await first.CopyToAsync(destination, cancellationToken);
        foreach (var part in rest)
        {
            if (part.Kind is LaidKind.Source or LaidKind.Stored)
            {
                await using var range = await file.OpenAsync(part, cancellationToken);
                await range.CopyToAsync(destination, cancellationToken);
            }
            else
            {
                var bytes = new byte[part.Length];
                file.Fill(part, bytes);
                await destination.WriteAsync(bytes, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (first is not null)
            await first.DisposeAsync();
    }

    private async Task<bool> WriteAsync(LaidPiece part, PipeWriter destination, Action<int>? flushing, CancellationToken cancellationToken)
    {
        while (part.Length > 0)
        {
            var count = (int)Math.Min(Step, part.Length);
            file.Fill(part with { Length = count }, destination.GetMemory(count).Span[..count]);
            destination.Advance(count);
            part = new LaidPiece(part.Kind, part.Offset + count, part.Length - count);
            flushing?.Invoke(count);
            var result = await destination.FlushAsync(cancellationToken);
            if (result.IsCompleted || result.IsCanceled)
                return false;
        }

        return true;
    }
}
