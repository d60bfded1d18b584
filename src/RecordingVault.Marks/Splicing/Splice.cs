namespace RecordingVault.Marks.Splicing;

/// <summary>A piece of a spliced file: bytes of its own, or a stretch of the file that it is made from.</summary>
/// <param name="Bytes">Empty for a stretch.</param>
/// <param name="Offset">Of the stretch in the source.</param>
/// <param name="Length">Of the piece, in bytes.</param>
public readonly record struct Piece(ReadOnlyMemory<byte> Bytes, long Offset, long Length)
{
    public bool IsOwn => !Bytes.IsEmpty;

    public static Piece Own(ReadOnlyMemory<byte> bytes) => new(bytes, 0, bytes.Length);

    public static Piece Stretch(long offset, long length) => new(default, offset, length);
}

/// <summary>
/// A file that is read while it is put together: pieces of our own, and between them stretches of a source that nobody rewrites or copies.
/// It has a known length and can be read anywhere; what it holds in memory are its own pieces and nothing of the source.
/// </summary>
public sealed class Splice
{
    private readonly Piece[] pieces;
    private readonly long[] starts;

    public Splice(IEnumerable<Piece> pieces)
    {
        this.pieces = [.. pieces.Where(piece => piece.Length >= 0 ? piece.Length > 0 : throw new ArgumentException("A piece has a negative length.", nameof(pieces)))];
        starts = new long[this.pieces.Length];
        foreach (var (i, piece) in this.pieces.Index())
        {
            starts[i] = Length;
            Length = checked(Length + piece.Length);
        }
    }

    public IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Fills the buffer from an offset that lies, with all of the buffer, inside the spliced file.</summary>
    public async ValueTask ReadAsync(IByteSource source, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - buffer.Length);
        var found = Array.BinarySearch(starts, offset);
        for (var i = found < 0 ? ~found - 1 : found; buffer.Length > 0; i++)
        {
            var piece = pieces[i];
            var inside = offset - starts[i];
            var part = buffer[..(int)Math.Min(buffer.Length, piece.Length - inside)];
            if (piece.IsOwn)
                piece.Bytes.Slice((int)inside, part.Length).CopyTo(part);
            else
                await source.ReadAsync(piece.Offset + inside, part, cancellationToken);
            buffer = buffer[part.Length..];
            offset += part.Length;
        }
    }

    /// <summary>The whole of it, for a source that fits into memory.</summary>
    public async ValueTask<byte[]> ReadAllAsync(IByteSource source, CancellationToken cancellationToken)
    {
        var all = new byte[checked((int)Length)];
        await ReadAsync(source, 0, all, cancellationToken);
        return all;
    }
}
