using System.Buffers.Binary;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Matroska;

/// <summary>
/// Matroska and WebM, which have no place for XMP: the legal tags <c>TERMS_OF_USE</c> (a sentence) and <c>LICENSE</c> (the PLUS value), in a <c>Tags</c> element of our own
/// behind all that is there. No cluster moves. Where the index at the front has room beside it, it names the new element too.
/// </summary>
public static class MatroskaCarrier
{
    /// <summary>Bytes by which the file grows, whatever the tag.</summary>
    public const int Room = 1024;

    private const int LargestTags = 1 << 20, MostTags = 64, MostElements = 1_000_000, SeekRoom = 65_536;

    private sealed record Layout(EbmlElement Segment, bool IsOpen, EbmlElement? SeekHead, EbmlElement? Room, bool IsSummed, IReadOnlyList<(EbmlElement At, LegalTags Legal)> Tags);

    /// <summary>The file with the mark; null where its segment does not end with the file or has a check sum, or where tags can't be read or have a mark of others among them.</summary>
    public static async ValueTask<Splice?> WriteAsync(IByteSource source, UsageTag tag, CancellationToken cancellationToken)
    {
        if (await ReadAsync(source, cancellationToken) is not { IsSummed: false } layout || layout.Segment.End != source.Length || layout.Tags.Any(found => !found.Legal.IsReadable))
            return null;
        var marks = layout.Tags.Where(found => found.Legal.Values.Count > 0).ToList();
        if (marks.Exists(found => !found.Legal.IsOurs))
            return null;
        byte[] tags = LegalTags.Write(tag);
        byte[] own = [.. tags, .. Ebml.Void(Room - tags.Length)];
        var replaced = new List<(long At, byte[] Bytes)>();
        if (!layout.IsOpen && Ebml.Size(layout.Segment.Size + own.Length, layout.Segment.SizeWidth) is { } size)
            replaced.Add((layout.Segment.Body - size.Length, size));
        else if (!layout.IsOpen)
            return null;
        // What is replaced keeps its length, so pieces only have to be sorted by where they stand.
        if (layout is { SeekHead: { } index, Room: { } room } && await WithTagsAsync(source, layout, index, room, [.. marks.Select(old => old.At.At)], cancellationToken) is { } indexed)
            replaced.Add((index.At, indexed));
        // An older mark of ours becomes nothing.
        replaced.AddRange(marks.Select(old => (old.At.At, Ebml.Void((int)(old.At.End - old.At.At)))));

        var pieces = new List<Piece>();
        var at = 0L;
        foreach (var (begin, bytes) in replaced.OrderBy(part => part.At))
        {
            pieces.AddRange([Piece.Stretch(at, begin - at), Piece.Own(bytes)]);
            at = begin + bytes.Length;
        }

        return new Splice([.. pieces, Piece.Stretch(at, source.Length - at), Piece.Own(own)]);
    }

    /// <summary>The marks among a file's tags; empty where there are none. Null where it is no Matroska that we read.</summary>
    public static async ValueTask<IReadOnlyList<FoundMark>?> FindAsync(IByteSource source, CancellationToken cancellationToken) =>
        await ReadAsync(source, cancellationToken) is not { } layout ? null
            : FoundMark.Bounded(layout.Tags.SelectMany(tags => tags.Legal.IsReadable
                ? tags.Legal.Values.Select(value => new FoundMark("Matroska LICENSE", value, PlusDataMining.Says(value)))
                : [FoundMark.Unreadable("Matroska tags")]));

    private static async ValueTask<Layout?> ReadAsync(IByteSource source, CancellationToken cancellationToken)
    {
        if (await Ebml.HeadAsync(source, 0, source.Length, cancellationToken) is not { Id: MatroskaIds.Ebml, Size: >= 0 } head
            || await Ebml.HeadAsync(source, head.End, source.Length, cancellationToken) is not { Id: MatroskaIds.Segment } segment)
            return null;
        // What a browser records, or a program writes that can't go back, does not say how long it is: it ends with its file.
        var isOpen = segment.Size < 0;
        if (isOpen)
            segment = segment with { Size = source.Length - segment.Body };
        var layout = new Layout(segment, isOpen, null, null, IsSummed: false, []);
        var tags = new List<(EbmlElement, LegalTags)>();
        var at = segment.Body;
        for (var count = 0; at < segment.End; count++)
        {
            if (count == MostElements || await Ebml.HeadAsync(source, at, segment.End, cancellationToken) is not { } element || (element.Size < 0 && element.Id != MatroskaIds.Cluster))
                return null;
            if (element.Size < 0)
            {
                // A cluster that does not say how long it is ends where the next thing of its own rank begins: its blocks are passed one by one.
                at = element.Body;
                continue;
            }

            if (element.Id == MatroskaIds.SeekHead && layout.SeekHead is null)
                layout = layout with { SeekHead = element };
            else if (element.Id == MatroskaIds.Void && layout.SeekHead?.End == element.At && layout.Room is null)
                layout = layout with { Room = element };
            else if (element.Id == MatroskaIds.Crc32)
                layout = layout with { IsSummed = true };
            else if (element.Id == MatroskaIds.Tags && tags.Count == MostTags)
                return null;
            else if (element.Id == MatroskaIds.Tags)
                tags.Add((element, element.Size <= LargestTags ? LegalTags.Read(await source.PartAsync(element.Body, (int)element.Size, cancellationToken)) : LegalTags.Unreadable));
            at = element.End;
        }

        return layout with { Tags = tags };
    }

    /// <summary>The index with an entry for our tags, in place of those for tags that become nothing, and nothing behind it, in exactly the bytes that both have now; null where they are too few.</summary>
    private static async ValueTask<byte[]?> WithTagsAsync(IByteSource source, Layout layout, EbmlElement index, EbmlElement room, List<long> gone, CancellationToken cancellationToken)
    {
        var both = room.End - index.At;
        if (both > SeekRoom || await source.PartAsync(index.Body, (int)index.Size, cancellationToken) is not { } body || Ebml.Children(body) is not { } children)
            return null;
        // Its check sum would be wrong, and may be left out.
        byte[] kept = [.. children.Where(child => child.Id != MatroskaIds.Crc32 && !(Position(body.AsSpan((int)child.Body, (int)child.Size)) is { } position && gone.Contains(layout.Segment.Body + position)))
            .SelectMany(child => body[(int)child.At..(int)child.End])];
        var target = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(target, layout.Segment.Size);
        byte[] id = [0x12, 0x54, 0xC3, 0x67];
        var entry = Ebml.Element(MatroskaIds.Seek, [.. Ebml.Element(MatroskaIds.SeekId, id), .. Ebml.Element(MatroskaIds.SeekPosition, target)]);
        var longer = Ebml.Element(MatroskaIds.SeekHead, [.. kept, .. entry]);
        var rest = (int)both - longer.Length;
        return rest == 0 ? longer : rest >= 2 ? [.. longer, .. Ebml.Void(rest)] : null;
    }

    /// <summary>Where an entry of the index points, from the segment's content on; null where it says nothing that we read.</summary>
    private static long? Position(ReadOnlySpan<byte> seek)
    {
        foreach (var child in Ebml.Children(seek) ?? [])
        {
            if (child is { Id: MatroskaIds.SeekPosition, Size: <= 8 })
                return seek[(int)child.Body..(int)child.End].ToArray().Aggregate(0L, (sum, value) => (sum << 8) | value);
        }

        return null;
    }
}
