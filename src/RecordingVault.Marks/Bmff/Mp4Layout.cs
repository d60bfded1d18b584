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
}
