using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Bmff;

/// <summary>A layout, or why there is none: then a marked copy has to be made instead.</summary>
public sealed record LayoutReading(Mp4Layout? Layout, string? Refusal);

/// <summary>Reads box heads and the <c>moov</c> of a stranger's file, within bounds, and lays it out anew. It reads no media.</summary>
public static class Mp4LayoutReader
{
    // All packets of a file together; meetings have one, of some kilobytes.
    private const int LargestPackets = 4 << 20;

    // What does not fit into a front anyway is not carried on.
    private const int LargestManifest = Mp4Layout.FrontLength;

    private static readonly byte[] s_xmp = TopBoxes.Xmp.ToArray();
    private static readonly byte[] s_c2pa = TopBoxes.C2pa.ToArray();

    /// <summary>The layout of an MP4, M4A or MOV. Whatever the file holds, the answer is a layout or a sentence.</summary>
    public static async ValueTask<LayoutReading> ReadAsync(IByteSource source, CancellationToken cancellationToken)
    {
        try
        {
            return new LayoutReading(await LayOutAsync(source, cancellationToken), null);
        }
        catch (LayoutRefusedException refused)
        {
            return new LayoutReading(null, refused.Message);
        }
    }

    /// <summary>The XMP packets of a file, beside its movie and inside it. Null where its boxes can't be read.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> PacketsAsync(IByteSource source, CancellationToken cancellationToken)
    {
        try
        {
            var boxes = await TopBoxes.ReadAsync(source, Mp4Layout.OwnBoxes, cancellationToken);
            var packets = (await UserBoxesAsync(source, boxes, s_xmp, XmpPacket.MaxLength, cancellationToken)).ConvertAll(found => found.Content);
            var movies = boxes.FindAll(box => box.Type == "moov");
            if (movies.Count > 1)
                throw new LayoutRefusedException("it has no index, more than one, or one that is too large");
            foreach (var box in movies)
            {
                foreach (var packet in Movie.Parse(await source.PartAsync(box.Body, Fitting(box), cancellationToken)).Packets)
                {
                    if (packet.Length > XmpPacket.MaxLength)
                        throw new LayoutRefusedException("a metadata packet is too large");
                    // A copy, so that the index that it stood in need not be kept with it.
                    packets.Add(packet.ToArray());
                    RefuseTooMany(packets.Count, packets.Sum(one => (long)one.Length));
                }
            }

            return packets;
        }
        catch (LayoutRefusedException)
        {
            return null;
        }
    }

    /// <summary>What stands in a file's C2PA boxes, behind their usertype. Null where its boxes can't be read.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> ManifestBoxesAsync(IByteSource source, CancellationToken cancellationToken)
    {
        try
        {
            return (await UserBoxesAsync(source, await TopBoxes.ReadAsync(source, Mp4Layout.OwnBoxes, cancellationToken), s_c2pa, XmpPacket.MaxLength, cancellationToken)).ConvertAll(found => found.Content);
        }
        catch (LayoutRefusedException)
        {
            return null;
        }
    }

    private static void RefuseTooMany(int packets, long length)
    {
        if (packets > FoundMark.MostInAFile || length > LargestPackets)
            throw new LayoutRefusedException("there are too many metadata packets");
    }

    private static int Fitting(Box movie) =>
        movie.Length <= Movie.LargestMovie ? (int)(movie.End - movie.Body) : throw new LayoutRefusedException("it has no index, more than one, or one that is too large");

    private static async ValueTask<Mp4Layout> LayOutAsync(IByteSource source, CancellationToken cancellationToken)
    {
        var boxes = await TopBoxes.ReadAsync(source, 0, cancellationToken);
        if (boxes is not [{ Type: "ftyp", Length: <= 4096 } fileType, ..])
            throw new LayoutRefusedException("it does not begin with its file type");
        var movies = boxes.FindAll(box => box.Type == "moov");
        if (movies is not [{ Length: <= Movie.LargestMovie } place])
            throw new LayoutRefusedException("it has no index, more than one, or one that is too large");
        // They count from where they stand, so nothing may come or go between them and what they count.
        if (boxes.Exists(box => box.Type is "sidx" or "moof" && box.At < place.At))
            throw new LayoutRefusedException("a fragment or a segment index stands before its index");
        foreach (var meta in boxes.Where(box => box.Type is "meta" or "meco"))
            MetaItems.RefusePlaced(meta is { Type: "meta", Length: <= XmpPacket.MaxLength } ? await source.PartAsync(meta.Body, (int)(meta.End - meta.Body), cancellationToken) : throw new LayoutRefusedException("a metadata box is too large, or one of several"));

        var movie = Movie.Parse(await source.PartAsync(place.Body, Fitting(place), cancellationToken));
        var patches = await Fragments.ReadAsync(source, boxes, cancellationToken);
        var packets = await UserBoxesAsync(source, boxes, s_xmp, XmpPacket.MaxLength, cancellationToken);
        var manifests = await UserBoxesAsync(source, boxes, s_c2pa, null, cancellationToken);
        var packet = packets.Select(found => found.Content).Concat(movie.Packets).FirstOrDefault();
        var (isWide, move) = Moving(movie, fileType.Length, place, source.Length);
        // An older packet or manifest stays where it is, as nothing: so nothing moves that need not, nobody reads the older word, and no manifest seems broken that was true of the source.
        var replaced = patches.Select(patch => (patch.At, Bytes: patch.Moved(move(patch.Value)))).Concat(packets.Concat(manifests).SelectMany(found => Nothing(found.Box, found.Content.Length)))
            .OrderBy(part => part.At).ToList();
        var rest = Cut(fileType.End, place.At, replaced).Concat(Cut(place.End, source.Length, replaced)).Where(piece => piece.Length > 0);
        return new Mp4Layout(source.Length, await source.PartAsync(0, (int)fileType.Length, cancellationToken), movie.Write(move, isWide), [.. rest],
            packet, manifests.Select(found => found.Content).FirstOrDefault());
    }

    /// <summary>A box that is free: another type, and zeros where its words were.</summary>
    private static IEnumerable<(long At, byte[] Bytes)> Nothing(Box box, int words) =>
        [(box.At + 4, "free"u8.ToArray()), (box.Body, new byte[Box.UuidLength + words])];

    /// <summary>Where a place of the source lies in what leaves: what stood before the index moves behind it, and all of it behind the front.</summary>
    private static (bool IsWide, Func<long, long> Move) Moving(Movie movie, long fileTypeLength, Box place, long sourceLength)
    {
        var narrow = Mover(isWide: false);
        return movie.Offsets.All(offset => narrow(offset) <= uint.MaxValue) ? (false, narrow) : (true, Mover(isWide: true));

        Func<long, long> Mover(bool isWide)
        {
            var growth = Mp4Layout.FrontLength + movie.Length(isWide);
            var behind = growth - place.Length;
            return offset => offset < fileTypeLength || offset > sourceLength || (offset >= place.At && offset < place.End)
                ? throw new LayoutRefusedException("it names a place outside its media")
                : checked(offset + (offset < place.At ? growth : behind));
        }
    }

    private static IEnumerable<Piece> Cut(long begin, long end, List<(long At, byte[] Bytes)> replaced)
    {
        foreach (var (at, bytes) in replaced.Where(part => part.At >= begin && part.At < end))
        {
            yield return Piece.Stretch(begin, at - begin);
            yield return Piece.Own(bytes);
            begin = at + bytes.Length;
        }

        yield return Piece.Stretch(begin, end - begin);
    }

    /// <param name="source">The file.</param>
    /// <param name="boxes">At its top.</param>
    /// <param name="usertype">Of those that are looked for.</param>
    /// <param name="largest">Bytes of what one may hold; null for manifests, of which the front is enough.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private static async ValueTask<List<(Box Box, ReadOnlyMemory<byte> Content)>> UserBoxesAsync(IByteSource source, IEnumerable<Box> boxes, byte[] usertype, int? largest, CancellationToken cancellationToken)
    {
        var found = new List<(Box, ReadOnlyMemory<byte> Content)>();
        foreach (var box in boxes)
        {
            if (await TopBoxes.UserAsync(source, box, usertype, largest, LargestManifest, cancellationToken) is not { } content)
                continue;
            found.Add((box, content));
            RefuseTooMany(found.Count, found.Sum(one => (long)one.Content.Length));
        }

        return found;
    }
}
