using System.Buffers.Binary;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Carriers;

/// <summary>PNG: the packet in an uncompressed <c>iTXt</c> chunk behind the first one; an older packet's chunk is left out.</summary>
public static class PngCarrier
{
    private const int Head = 8, Tail = 4, MostChunks = 100_000;
    private static readonly byte[] s_signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static readonly byte[] s_keyword = "XML:com.adobe.xmp\0"u8.ToArray();

    // Behind the keyword: not compressed, by no method, in no language, without a translated keyword.
    private static readonly byte[] s_name = [.. s_keyword, 0, 0, 0, 0];

    private sealed record Layout(long Begin, IReadOnlyList<(long At, long Length, ReadOnlyMemory<byte> Packet)> Packets);

    /// <summary>The picture with the mark; null where it is not one, or has several packets or one that is compressed or too large.</summary>
    public static async ValueTask<Splice?> WriteAsync(IByteSource source, XmpMark mark, CancellationToken cancellationToken)
    {
        if (await ReadAsync(source, cancellationToken) is not { Packets.Count: <= 1 } layout)
            return null;
        var packet = XmpPacket.Write(mark, layout.Packets.Select(old => old.Packet).FirstOrDefault());
        var chunk = new byte[Head + s_name.Length + packet.Length + Tail];
        BinaryPrimitives.WriteInt32BigEndian(chunk, s_name.Length + packet.Length);
        "iTXt"u8.CopyTo(chunk.AsSpan(4));
        s_name.CopyTo(chunk, Head);
        packet.CopyTo(chunk, Head + s_name.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - Tail), Crc(chunk.AsSpan(4, chunk.Length - 4 - Tail)));

        var begin = layout.Begin;
        var pieces = new List<Piece> { Piece.Stretch(0, begin), Piece.Own(chunk) };
        foreach (var (at, length, _) in layout.Packets)
        {
            pieces.Add(Piece.Stretch(begin, at - begin));
            begin = at + length;
        }

        return new Splice([.. pieces, Piece.Stretch(begin, source.Length - begin)]);
    }

    /// <summary>The packets that stand in a picture. Null where it is no PNG, or a packet is not one that we read.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> PacketsAsync(IByteSource source, CancellationToken cancellationToken) =>
        (await ReadAsync(source, cancellationToken))?.Packets.Select(old => old.Packet).ToList();

    private static async ValueTask<Layout?> ReadAsync(IByteSource source, CancellationToken cancellationToken)
    {
        if (await source.PartAsync(0, s_signature.Length, cancellationToken) is not { } signature || !signature.AsSpan().SequenceEqual(s_signature))
            return null;
        long at = s_signature.Length, begin = 0;
        var packets = new List<(long, long, ReadOnlyMemory<byte>)>();
        for (var count = 0; count < MostChunks; count++)
        {
            if (await source.PartAsync(at, Head, cancellationToken) is not { } head)
                return null;
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var whole = Head + length + Tail;
            if (length > int.MaxValue || whole > source.Length - at)
                return null;
            if (count == 0 && !head.AsSpan(4).SequenceEqual("IHDR"u8))
                return null;
            if (count == 0)
                begin = at + whole;
            if (head.AsSpan(4).SequenceEqual("IEND"u8))
                return new Layout(begin, packets);
            if (head.AsSpan(4).SequenceEqual("iTXt"u8) && length >= s_name.Length
                && await source.PartAsync(at + Head, s_keyword.Length, cancellationToken) is { } keyword && keyword.AsSpan().SequenceEqual(s_keyword))
            {
                if (length > XmpPacket.MaxLength || packets.Count > FoundMark.MostInAFile || await source.PartAsync(at + Head, (int)length, cancellationToken) is not { } body || !body.AsSpan().StartsWith(s_name))
                    return null;
                packets.Add((at, whole, body.AsMemory(s_name.Length)));
            }

            at += whole;
        }

        return null;
    }

    /// <summary>CRC-32 as PNG (ISO 3309) has it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }
}
