using System.Buffers.Binary;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Carriers;

/// <summary>JPEG: the packet in an <c>APP1</c> segment behind those of JFIF and Exif, which have to be the first; an older packet's segment is left out.</summary>
public static class JpegCarrier
{
    private const int Marker = 2, SegmentHead = 4, MostSegments = 1000;
    private const byte App0 = 0xE0, App1 = 0xE1, StartOfScan = 0xDA, Filler = 0xFF;
    private const long LongestHead = 64L << 20;
    private static readonly byte[] s_name = "http://ns.adobe.com/xap/1.0/\0"u8.ToArray();

    private sealed record Segment(long At, int Length, byte Kind, ReadOnlyMemory<byte> Packet, bool IsPacket, bool IsExif);

    /// <summary>The picture with the mark; null where it is not one, has several packets, or the packet passes the 64 KiB of a segment.</summary>
    public static async ValueTask<Splice?> WriteAsync(IByteSource source, XmpMark mark, CancellationToken cancellationToken)
    {
        if (await SegmentsAsync(source, cancellationToken) is not { } segments || segments.Count(segment => segment.IsPacket) > 1)
            return null;
        var packet = XmpPacket.Write(mark, segments.FirstOrDefault(segment => segment.IsPacket)?.Packet ?? default);
        var length = Marker + s_name.Length + packet.Length;
        if (length > ushort.MaxValue)
            return null;
        var own = new byte[Marker + length];
        own[0] = 0xFF;
        own[1] = App1;
        BinaryPrimitives.WriteUInt16BigEndian(own.AsSpan(2), (ushort)length);
        s_name.CopyTo(own, SegmentHead);
        packet.CopyTo(own, SegmentHead + s_name.Length);

        var before = segments.TakeWhile(segment => segment.Kind == App0 || segment.IsExif).LastOrDefault();
        var begin = before is null ? Marker : before.At + before.Length;
        var pieces = new List<Piece> { Piece.Stretch(0, begin), Piece.Own(own) };
        foreach (var old in segments.Where(segment => segment.IsPacket))
        {
            pieces.Add(Piece.Stretch(begin, old.At - begin));
            begin = old.At + old.Length;
        }

        return new Splice([.. pieces, Piece.Stretch(begin, source.Length - begin)]);
    }

    /// <summary>The packets that stand in a picture. Null where it is no JPEG.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> PacketsAsync(IByteSource source, CancellationToken cancellationToken) =>
        (await SegmentsAsync(source, cancellationToken))?.Where(segment => segment.IsPacket).Select(segment => segment.Packet).ToList();

    private static async ValueTask<List<Segment>?> SegmentsAsync(IByteSource source, CancellationToken cancellationToken)
    {
        if (await source.PartAsync(0, Marker, cancellationToken) is not [0xFF, 0xD8])
            return null;
        var segments = new List<Segment>();
        long at = Marker;
        while (segments.Count < MostSegments)
        {
            if (await source.PartAsync(at, SegmentHead, cancellationToken) is not [0xFF, var kind, _, _] head)
                return null;
            // A marker may stand behind any number of fillers.
            if (kind == Filler)
            {
                if (++at > LongestHead)
                    return null;
                continue;
            }

            if (kind == StartOfScan)
                return segments;
            int length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(Marker));
            if (length < 2 || await source.PartAsync(at + SegmentHead, length - 2, cancellationToken) is not { } body)
                return null;
            var isPacket = kind == App1 && body.AsSpan().StartsWith(s_name);
            segments.Add(new Segment(at, Marker + length, kind, isPacket ? body.AsMemory(s_name.Length) : default, isPacket, kind == App1 && body.AsSpan().StartsWith("Exif\0"u8)));
            at += Marker + length;
        }

        return null;
    }
}
