using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// Opens the segments of a range in their order. Where asking a store takes time, the next ones are asked for while one is still read: their beginning waits in
/// the connections' buffers, which are bounded by the system, and memory of ours holds none of it.
/// </summary>
internal sealed class SegmentStreams(AssetReader reader, long end) : IAsyncDisposable
{
    private readonly Queue<(int Index, Task<Stream> Opening)> ahead = new();
    private CancellationTokenSource? givenUp;
    private int openedTo;
    private long openedEnd;

    /// <summary>From one chunk of a segment to what is wanted of it.</summary>
    /// <param name="start">Where the segment stands in the asset.</param>
    public async Task<Stream> OpenAsync(int index, long start, long chunk, CancellationToken cancellationToken)
    {
        (openedTo, openedEnd) = openedTo > index ? (openedTo, openedEnd) : (index + 1, start + reader.Asset.Segments[index].PlaintextLength);
        if (!ahead.TryPeek(out var next) || next.Index != index) return await RequestAsync(index, start, chunk, cancellationToken);
        // Taken out only when it came: whoever waits no longer leaves it to be disposed with the others.
        var stream = await next.Opening.WaitAsync(cancellationToken);
        ahead.Dequeue();
        return stream;
    }

    /// <summary>For whoever reads on: not called for the first chunk, which is often all that is wanted.</summary>
    public void OpenAhead(int current)
    {
        while (openedTo <= current + reader.Store.SegmentsAhead && openedEnd < end && openedTo < reader.Asset.Segments.Count)
        {
            givenUp ??= new CancellationTokenSource();
            ahead.Enqueue((openedTo, RequestAsync(openedTo, openedEnd, 0, givenUp.Token)));
            openedEnd += reader.Asset.Segments[openedTo++].PlaintextLength;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (givenUp is null) return;
        await givenUp.CancelAsync();
        foreach (var (_, opening) in ahead)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully) await (await opening).DisposeAsync();
        }
        ahead.Clear();
        givenUp.Dispose();
    }

    private Task<Stream> RequestAsync(int index, long start, long chunk, CancellationToken cancellationToken)
    {
        var segment = reader.Asset.Segments[index];
        var wantedEnd = Math.Min(segment.PlaintextLength, end - start);
        var chunksEnd = (((wantedEnd - 1) / SealedLayout.ChunkLength) + 1) * SealedLayout.SealedChunkLength;
        var from = SealedLayout.ChunkOffset(chunk);
        var until = Math.Min(SealedLayout.SealedLength(segment.PlaintextLength), SealedLayout.HeaderLength + chunksEnd);
        return reader.Store.OpenReadAsync(reader.NameOf(segment), from, until - from, cancellationToken);
    }
}
