using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.Bmff;

/// <summary>
/// How an MP4, M4A or MOV leaves: <c>ftyp</c>, a front of fixed size that carries the mark, the <c>moov</c> with moved offsets, and all else as it lies in the source.
/// It is made once; another mark is another front, and changes neither the length nor any offset.
/// </summary>
public sealed class Mp4Layout
{
    /// <summary>Bytes of the front, whatever it carries.</summary>
    public const int FrontLength = 65_536;

    /// <summary>Boxes that the file which leaves has beyond those of its source.</summary>
    internal const int OwnBoxes = 3;

    private const byte FormatVersion = 1;

    private readonly ReadOnlyMemory<byte> fileType;
    private readonly ReadOnlyMemory<byte> movie;
    private readonly IReadOnlyList<Piece> rest;

    internal Mp4Layout(long sourceLength, ReadOnlyMemory<byte> fileType, ReadOnlyMemory<byte> movie, IReadOnlyList<Piece> rest, ReadOnlyMemory<byte> packet, ReadOnlyMemory<byte> manifest)
    {
        SourceLength = sourceLength;
        this.fileType = fileType;
        this.movie = movie;
        this.rest = rest;
        Packet = packet;
        ManifestBox = manifest;
    }

    /// <summary>Bytes of the file that it was made from.</summary>
    public long SourceLength { get; }

    /// <summary>The XMP packet that the source had; empty where it had none.</summary>
    public ReadOnlyMemory<byte> Packet { get; }

    /// <summary>What stood in the source's C2PA box, behind its usertype; empty where it had none. It may be of any kind, or cut off where it was too large to be carried on.</summary>
    public ReadOnlyMemory<byte> ManifestBox { get; }

    /// <summary>Bytes of the file that leaves.</summary>
    public long Length => fileType.Length + FrontLength + movie.Length + rest.Sum(piece => piece.Length);

    /// <summary>The file that leaves with this front.</summary>
    public Splice With(ReadOnlyMemory<byte> front) =>
        front.Length == FrontLength ? new Splice([Piece.Own(fileType), Piece.Own(front), Piece.Own(movie), .. rest]) : throw new ArgumentException("A front has a fixed length.", nameof(front));

    /// <summary>For a store: everything but the front, which is made anew for each mark.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            writer.Write(FormatVersion);
            writer.Write(FrontLength);
            writer.Write(SourceLength);
            foreach (var own in new[] { fileType, movie, Packet, ManifestBox })
                WriteOwn(writer, own);
            writer.Write(rest.Count);
            foreach (var piece in rest)
            {
                writer.Write(piece.IsOwn);
                if (piece.IsOwn)
                {
                    WriteOwn(writer, piece.Bytes);
                    continue;
                }

                writer.Write(piece.Offset);
                writer.Write(piece.Length);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>What <see cref="ToBytes"/> made.</summary>
    /// <exception cref="InvalidDataException">Another version, or not whole.</exception>
    public static Mp4Layout FromBytes(ReadOnlyMemory<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false));
        try
        {
            if (reader.ReadByte() != FormatVersion || reader.ReadInt32() != FrontLength)
                throw new InvalidDataException("The layout is of another version.");
            var length = reader.ReadInt64();
            var (fileType, movie, packet, manifest) = (ReadOwn(reader), ReadOwn(reader), ReadOwn(reader), ReadOwn(reader));
            var pieces = new Piece[reader.ReadInt32()];
            for (var i = 0; i < pieces.Length; i++)
                pieces[i] = reader.ReadBoolean() ? Piece.Own(ReadOwn(reader)) : Piece.Stretch(reader.ReadInt64(), reader.ReadInt64());
            return new Mp4Layout(length, fileType, movie, pieces, packet, manifest);
        }
        catch (Exception cut) when (cut is EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("The layout is not whole.", cut);
        }
    }

    private static void WriteOwn(BinaryWriter writer, ReadOnlyMemory<byte> own)
    {
        writer.Write(own.Length);
        writer.Write(own.Span);
    }

    private static byte[] ReadOwn(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var own = reader.ReadBytes(length);
        return own.Length == length ? own : throw new EndOfStreamException();
    }
}
