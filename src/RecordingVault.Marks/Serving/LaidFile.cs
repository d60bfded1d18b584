using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.Serving;

/// <summary>A file as it leaves, put together by its layout while it is read.</summary>
/// <param name="layout">How.</param>
/// <param name="source">The file that it is made from.</param>
/// <param name="stored">The layout as it is stored.</param>
/// <param name="front">All of the front.</param>
public sealed class LaidFile(MarkedLayout layout, IByteSource source, IByteSource stored, ReadOnlyMemory<byte> front) : IByteSource
{
    public long Length => layout.Length;

    /// <summary>Where its front stands.</summary>
    public PlacedFront Place => new(this, layout.FrontAt, layout.FrontLength);

    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        foreach (var piece in layout.Cut(offset, buffer.Length))
        {
            var part = buffer[..(int)piece.Length];
            buffer = buffer[part.Length..];
            if (piece.Kind == LaidKind.Own)
                layout.OwnBytes(piece).CopyTo(part);
            else if (piece.Kind == LaidKind.Front)
                front.Slice((int)piece.Offset, part.Length).CopyTo(part);
            else
                await (piece.Kind == LaidKind.Source ? source : stored).ReadAsync(piece.Offset, part, cancellationToken);
        }
    }
}
