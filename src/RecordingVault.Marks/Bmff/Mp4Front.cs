using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Bmff;

/// <summary>The front of an MP4 that leaves: the XMP packet in its <c>uuid</c> box, then <c>free</c> up to the fixed length.</summary>
public static class Mp4Front
{
    private const int HeadLength = Box.ShortHead + Box.UuidLength;

    /// <summary>The front with a mark, over the packet that the source had; null where both have no room in it.</summary>
    public static byte[]? Write(XmpMark mark, ReadOnlyMemory<byte> present) => With(XmpPacket.Write(mark, present), 0);

    /// <param name="packet">As it stands in the box.</param>
    /// <param name="before">Bytes that are left in front of the packet's box, for another one.</param>
    internal static byte[]? With(ReadOnlySpan<byte> packet, int before)
    {
        var used = before + HeadLength + packet.Length;
        if (used > Mp4Layout.FrontLength - Box.ShortHead)
            return null;
        var front = new byte[Mp4Layout.FrontLength];
        Box.WriteHead(front.AsSpan(before), "uuid", used - before);
        TopBoxes.Xmp.CopyTo(front.AsSpan(before + Box.ShortHead));
        packet.CopyTo(front.AsSpan(before + HeadLength));
        Box.WriteHead(front.AsSpan(used), "free", front.Length - used);
        return front;
    }
}
