using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.Bmff;

/// <summary>The boxes that lie side by side in a file, by their heads alone.</summary>
internal static class TopBoxes
{
    private const int MostBoxes = 1_000_000;

    /// <summary>Usertypes of <c>uuid</c> boxes: XMP (ISO 16684-1, QuickTime) and C2PA 2.2.</summary>
    public static ReadOnlySpan<byte> Xmp => [0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC];

    public static ReadOnlySpan<byte> C2pa => [0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81];

    /// <param name="source">The file.</param>
    /// <param name="more">Boxes that may be there beyond those that a stranger may have: our own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<List<Box>> ReadAsync(IByteSource source, int more, CancellationToken cancellationToken)
    {
        var boxes = new List<Box>();
        var outside = 0;
        for (long at = 0; at < source.Length;)
        {
            var head = await source.PartAsync(at, (int)Math.Min(Box.LongHead, source.Length - at), cancellationToken);
            var box = Box.Read(head, at, source.Length, mayBeOpen: true);
            if (box.Type is not ("moof" or "mdat") && ++outside > Movie.MostBoxes + more)
                throw new LayoutRefusedException("there are too many boxes");
            if (boxes.Count == MostBoxes)
                throw new LayoutRefusedException("there are too many fragments");
            boxes.Add(box);
            at = box.End;
        }

        return boxes;
    }

    /// <summary>What a <c>uuid</c> box holds behind its usertype; null where it is of another type. Longer than the largest it is refused, and where there is none it is cut.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> UserAsync(IByteSource source, Box box, byte[] usertype, int? largest, int cut, CancellationToken cancellationToken)
    {
        var length = box.End - box.Body - Box.UuidLength;
        if (box.Type != "uuid" || length < 0 || await source.PartAsync(box.Body, Box.UuidLength, cancellationToken) is not { } own || !own.AsSpan().SequenceEqual(usertype))
            return null;
        if (largest is { } most && length > most)
            throw new LayoutRefusedException("a metadata packet is too large");
        return await source.PartAsync(box.Body + Box.UuidLength, (int)Math.Min(length, largest ?? cut), cancellationToken);
    }
}
