using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Serving;

/// <summary>Where the bytes of a piece come from.</summary>
public enum LaidKind : byte
{
    /// <summary>The source, from an offset of it.</summary>
    Source = 0,

    /// <summary>The stored layout, from an offset of it.</summary>
    Stored = 1,

    /// <summary>The layout's own memory: what is so short that reading it from the store would cost more.</summary>
    Own = 2,

    /// <summary>The front of the tag in force.</summary>
    Front = 3,
}

/// <param name="Kind">Where it comes from.</param>
/// <param name="Offset">There; 0 for the front.</param>
/// <param name="Length">Bytes, at least one.</param>
public readonly record struct LaidPiece(LaidKind Kind, long Offset, long Length);

/// <summary>The front of one tag as it is stored: without the run of one byte that fills it up.</summary>
/// <param name="Offset">Of its first bytes in the stored layout.</param>
/// <param name="Used">How many stand there.</param>
/// <param name="Filler">The byte that all others are.</param>
/// <param name="Digest">SHA-256 of the whole front.</param>
public sealed record LaidFront(long Offset, int Used, byte Filler, ReadOnlyMemory<byte> Digest);

/// <summary>
/// How a file leaves: its pieces in their order, the same for every tag, with one place for the front of the tag in force. It is read from the head of a stored layout
/// (<see cref="LayoutWriter"/>), holds no media and little else, and asks nothing of the file that it was made from.
/// </summary>
public sealed class MarkedLayout
{
    /// <summary>Of the form of layouts and fronts. It stands in stored layouts and in every ETag.</summary>
    public const int Version = 1;

    /// <summary>Bytes of the head that is kept in memory.</summary>
    public const int LargestIndex = 8 << 20;

    /// <summary>Bytes of a front.</summary>
    public const int LargestFront = 65_536;

    private const int MostPieces = 100_000;
    private const int DigestLength = 32;

    private readonly LaidPiece[] laid;
    private readonly long[] starts;
    private readonly Dictionary<string, LaidFront> fronts;
    private readonly ReadOnlyMemory<byte> own;

    private MarkedLayout(MarkCarrier carrier, long sourceLength, LaidPiece[] pieces, Dictionary<string, LaidFront> fronts, ReadOnlyMemory<byte> own)
    {
        (Carrier, SourceLength, laid, this.fronts, this.own) = (carrier, sourceLength, pieces, fronts, own);
        starts = new long[pieces.Length];
        foreach (var (i, piece) in pieces.Index())
        {
            starts[i] = Length;
            Length = checked(Length + piece.Length);
        }
    }

    public MarkCarrier Carrier { get; }

    /// <summary>Bytes of the file that it was made from.</summary>
    public long SourceLength { get; }

    /// <summary>Bytes of the file that leaves.</summary>
    public long Length { get; }

    public IReadOnlyList<LaidPiece> Pieces => laid;

    /// <summary>Bytes of the front.</summary>
    public int FrontLength => (int)Pieces.Single(piece => piece.Kind == LaidKind.Front).Length;

    /// <summary>Where in the file that leaves the front begins.</summary>
    public long FrontAt => starts[Array.FindIndex(laid, piece => piece.Kind == LaidKind.Front)];

    /// <summary>Roughly what it holds in memory, in bytes.</summary>
    public long Weight => 1024 + (32L * Pieces.Count) + own.Length;

    /// <summary>Null for what is never written.</summary>
    public LaidFront? FrontOf(UsageTag tag) => fronts.GetValueOrDefault(tag.Name);

    /// <summary>The pieces of a range that lies inside the file, cut to it.</summary>
    public IEnumerable<LaidPiece> Cut(long offset, long length)
    {
        var found = Array.BinarySearch(starts, offset);
        for (var i = found < 0 ? ~found - 1 : found; length > 0; i++)
        {
            var inside = offset - starts[i];
            var part = Math.Min(length, Pieces[i].Length - inside);
            yield return new LaidPiece(Pieces[i].Kind, Pieces[i].Offset + inside, part);
            (offset, length) = (offset + part, length - part);
        }
    }

    /// <summary>Of a piece in the layout's own memory.</summary>
    public ReadOnlyMemory<byte> OwnBytes(LaidPiece piece) => own.Slice((int)piece.Offset, (int)piece.Length);

    /// <param name="stored">The head of a stored layout, all of it.</param>
    /// <param name="storedLength">Bytes of the whole stored layout.</param>
    /// <exception cref="InvalidDataException">Of another version, or no whole head.</exception>
    public static MarkedLayout Read(ReadOnlyMemory<byte> stored, long storedLength)
    {
        using var reader = new BinaryReader(new MemoryStream(stored.ToArray(), writable: false));
        try
        {
            if (reader.ReadInt32() != Version || reader.ReadInt32() != stored.Length)
                throw new InvalidDataException("The layout is of another version.");
            var carrier = (MarkCarrier)reader.ReadByte();
            if (carrier is not (MarkCarrier.Mp4 or MarkCarrier.Id3 or MarkCarrier.Riff or MarkCarrier.Matroska))
                throw new InvalidDataException("The layout is of a carrier that is not known.");
            var sourceLength = reader.ReadInt64();
            var (pieceCount, frontCount, ownLength) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            if (sourceLength < 0 || pieceCount is < 1 or > MostPieces || frontCount < 1 || frontCount > UsageTag.All.Count || ownLength < 0)
                throw new InvalidDataException("The layout is not whole.");
            var pieces = new LaidPiece[pieceCount];
            for (var i = 0; i < pieces.Length; i++)
            {
                var piece = pieces[i] = new LaidPiece((LaidKind)reader.ReadByte(), reader.ReadInt64(), reader.ReadInt64());
                var limit = piece.Kind switch { LaidKind.Source => sourceLength, LaidKind.Stored => storedLength, LaidKind.Own => ownLength, LaidKind.Front => LargestFront, _ => 0 };
                if (piece.Length < 1 || piece.Offset < 0 || piece.Length > limit - piece.Offset || (piece.Kind == LaidKind.Front && piece.Offset != 0))
                    throw new InvalidDataException("The layout has a piece outside of what it is made from.");
            }

            if (pieces.Count(piece => piece.Kind == LaidKind.Front) != 1)
                throw new InvalidDataException("The layout has not one front.");
            var frontLength = pieces.Single(piece => piece.Kind == LaidKind.Front).Length;
            var read = new Dictionary<string, LaidFront>(StringComparer.Ordinal);
            for (var i = 0; i < frontCount; i++)
            {
                var (name, offset, used, filler, digest) = (reader.ReadString(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadByte(), reader.ReadBytes(DigestLength));
                if (offset < 0 || used < 0 || used > frontLength || used > storedLength - offset || digest.Length != DigestLength || !read.TryAdd(name, new LaidFront(offset, used, filler, digest)))
                    throw new InvalidDataException("The layout has a front outside of what is stored.");
            }

            var memory = reader.ReadBytes(ownLength);
            return memory.Length == ownLength && reader.BaseStream.Position == stored.Length ? new MarkedLayout(carrier, sourceLength, pieces, read, memory) : throw new InvalidDataException("The layout is not whole.");
        }
        catch (Exception cut) when (cut is EndOfStreamException or OverflowException or FormatException)
        {
            throw new InvalidDataException("The layout is not whole.", cut);
        }
    }

    /// <summary>How many bytes of a stored layout <see cref="Read"/> needs.</summary>
    /// <param name="first">Its first eight bytes.</param>
    /// <exception cref="InvalidDataException">It is none that we read.</exception>
    public static int HeadLength(ReadOnlySpan<byte> first) =>
        first.Length >= 8 && BitConverter.ToInt32(first) == Version && BitConverter.ToInt32(first[4..]) is > 8 and <= LargestIndex and var length ? length : throw new InvalidDataException("The layout is of another version.");
}
