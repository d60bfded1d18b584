using System.Buffers.Binary;

namespace RecordingVault.Marks.Bmff;

/// <summary>The <c>meta</c> box, which is one thing in ISO files (with version and flags) and another in QuickTime's.</summary>
internal static class MetaItems
{
    private const int MostBoxes = 1000;

    /// <summary>Items that are found by a place in the file (<c>iloc</c>) would have to be moved; nobody's meeting has any.</summary>
    public static void RefusePlaced(ReadOnlyMemory<byte> content)
    {
        var bytes = content.Span;
        var isPlain = bytes.Length >= Box.ShortHead && bytes[4..8].SequenceEqual("hdlr"u8);
        var at = isPlain ? 0 : 4;
        for (var count = 0; at <= bytes.Length - Box.ShortHead; count++)
        {
            var box = Box.Read(bytes[at..], at, bytes.Length, mayBeOpen: false);
            if (count == MostBoxes)
                throw new LayoutRefusedException("there are too many boxes");
            // Version, flags and the two bytes of widths, then the count: 16 bits, and 32 from version 2 on.
            if (box.Type == "iloc" && (box.Length < box.HeadLength + 8 || BinaryPrimitives.ReadUInt16BigEndian(bytes[((int)box.Body + 6)..]) != 0 || bytes[(int)box.Body] > 1))
                throw new LayoutRefusedException("it has items that are found by their place");
            at = (int)box.End;
        }
    }
}
