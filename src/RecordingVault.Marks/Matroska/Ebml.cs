using System.Buffers.Binary;
using System.Numerics;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.Matroska;

/// <summary>One element of an EBML document (RFC 8794) as it lies in its file.</summary>
/// <param name="Id">With its length marker, as specifications print it.</param>
/// <param name="At">Where its id begins.</param>
/// <param name="HeadLength">Bytes of id and size.</param>
/// <param name="SizeWidth">Bytes of the size alone.</param>
/// <param name="Size">Bytes of its content; negative where it is not known.</param>
internal readonly record struct EbmlElement(uint Id, long At, int HeadLength, int SizeWidth, long Size)
{
    public long Body => At + HeadLength;

    public long End => Body + Size;
}

internal static class Ebml
{
    public const long UnknownSize = -1;
    public const int LongestHead = 12;

    /// <summary>The head of the element at an offset; null where there is none, or its end lies behind the limit.</summary>
    public static async ValueTask<EbmlElement?> HeadAsync(IByteSource source, long at, long limit, CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(LongestHead, limit - at);
        return length > 1 && await source.PartAsync(at, length, cancellationToken) is { } head ? Head(head, at, limit) : null;
    }

    public static EbmlElement? Head(ReadOnlySpan<byte> bytes, long at, long limit)
    {
        var idWidth = bytes.IsEmpty ? 9 : BitOperations.LeadingZeroCount((uint)bytes[0] << 24) + 1;
        if (idWidth > 4 || bytes.Length <= idWidth || bytes[idWidth] == 0)
            return null;
        uint id = 0;
        foreach (var value in bytes[..idWidth])
            id = (id << 8) | value;
        var sizeWidth = BitOperations.LeadingZeroCount((uint)bytes[idWidth] << 24) + 1;
        if (bytes.Length < idWidth + sizeWidth)
            return null;
        long size = bytes[idWidth] & ((1 << (8 - sizeWidth)) - 1);
        foreach (var value in bytes.Slice(idWidth + 1, sizeWidth - 1))
            size = (size << 8) | value;
        if (size == (1L << (7 * sizeWidth)) - 1)
            return new EbmlElement(id, at, idWidth + sizeWidth, sizeWidth, UnknownSize);
        return size <= limit - at - idWidth - sizeWidth ? new EbmlElement(id, at, idWidth + sizeWidth, sizeWidth, size) : null;
    }

    /// <summary>The elements that lie side by side in memory; null where they do not fill it exactly.</summary>
    public static List<EbmlElement>? Children(ReadOnlySpan<byte> body)
    {
        var children = new List<EbmlElement>();
        for (var at = 0; at < body.Length;)
        {
            if (Head(body[at..Math.Min(body.Length, at + LongestHead)], at, body.Length) is not { Size: >= 0 } child)
                return null;
            children.Add(child);
            at = (int)child.End;
        }

        return children;
    }

    /// <summary>Id, size and content.</summary>
    public static byte[] Element(uint id, params ReadOnlySpan<byte> content)
    {
        var head = IdBytes(id);
        byte[] size = content.Length < 127 ? [(byte)(0x80 | content.Length)] : Size(content.Length, 4)!;
        return [.. head, .. size, .. content];
    }

    /// <summary>A size in exactly so many bytes; null where it does not fit.</summary>
    public static byte[]? Size(long size, int width)
    {
        if (size >= (1L << (7 * width)) - 1)
            return null;
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, size);
        bytes[8 - width] |= (byte)(0x80 >> (width - 1));
        return bytes[(8 - width)..].ToArray();
    }

    /// <summary>Nothing, in exactly so many bytes (at least two).</summary>
    public static byte[] Void(int length)
    {
        var width = Math.Min(8, length - 1);
        return [MatroskaIds.Void, .. Size(length - 1 - width, width)!, .. new byte[length - 1 - width]];
    }

    private static byte[] IdBytes(uint id)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        return bytes[(BitOperations.LeadingZeroCount(id) / 8)..].ToArray();
    }
}

/// <summary>The ids that a mark needs (RFC 9559; tags by draft-ietf-cellar-tags).</summary>
internal static class MatroskaIds
{
    public const uint Ebml = 0x1A45DFA3, Segment = 0x18538067, Cluster = 0x1F43B675, SeekHead = 0x114D9B74, Seek = 0x4DBB, SeekId = 0x53AB, SeekPosition = 0x53AC, Crc32 = 0xBF;
    public const uint Tags = 0x1254C367, Tag = 0x7373, Targets = 0x63C0, SimpleTag = 0x67C8, TagName = 0x45A3, TagString = 0x4487;
    public const byte Void = 0xEC;
}
