using System.Security.Cryptography;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Serving;

/// <summary>A layout for a store, or why there is none.</summary>
/// <param name="Stored">Head and bytes; null where it was refused.</param>
/// <param name="Refusal">A sentence of ours.</param>
public sealed record LayoutOutcome(byte[]? Stored, string? Refusal);

/// <summary>
/// Makes of a stranger's file what has to be known to send it with a mark: once, in a job. Every tag's file is put together and read back before anything is handed out, so
/// that whoever sends it later has nothing to parse but a front of our own.
/// </summary>
public static class LayoutWriter
{
    private const int ShortPiece = 4096, MostShortBytes = 1 << 20;
    private const int PieceLength = 1 + 8 + 8, HeadFixed = 4 + 4 + 1 + 8 + 4 + 4 + 4, DigestLength = 32;

    /// <param name="source">The file.</param>
    /// <param name="mediaType">What its first bytes were.</param>
    /// <param name="statement">Where the terms of its owner stand; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<LayoutOutcome> MakeAsync(IByteSource source, string mediaType, Uri? statement, CancellationToken cancellationToken)
    {
        var carrier = MarkCarriers.Of(mediaType);
        var (files, refusal) = carrier == MarkCarrier.Mp4 ? await OfMp4Async(source, statement, cancellationToken) : (await OfOtherAsync(carrier, source, statement, cancellationToken), "a mark can't be put beside what stands in it");
        if (files is null)
            return new LayoutOutcome(null, refusal);
        foreach (var (tag, file) in files)
        {
            var marks = await FileMarks.FindAsync(new SplicedSource(file, source), mediaType, cancellationToken);
            if (!MarkedFront.IsExactly(marks, tag))
                return new LayoutOutcome(null, "its mark could not be read back");
        }

        return Join(files, carrier) is not { } joined ? new LayoutOutcome(null, "its mark does not stand in one place")
            : Store(carrier, source.Length, joined.Pieces, joined.Fronts) is { } stored ? new LayoutOutcome(stored, null) : new LayoutOutcome(null, "there are too many places to move");
    }

    private static async ValueTask<(IReadOnlyList<(UsageTag, Splice)>?, string?)> OfMp4Async(IByteSource source, Uri? statement, CancellationToken cancellationToken)
    {
        var reading = await Mp4LayoutReader.ReadAsync(source, cancellationToken);
        if (reading.Layout is not { } layout)
            return (null, reading.Refusal);
        var files = new List<(UsageTag, Splice)>();
        foreach (var tag in UsageTag.All)
        {
            if (Mp4Front.Write(new XmpMark(tag, statement), layout.Packet) is not { } front)
                return (null, "its metadata packet leaves no room for a mark");
            files.Add((tag, layout.With(front)));
        }

        return (files, null);
    }

    private static async ValueTask<IReadOnlyList<(UsageTag, Splice)>?> OfOtherAsync(MarkCarrier carrier, IByteSource source, Uri? statement, CancellationToken cancellationToken)
    {
        var files = new List<(UsageTag, Splice)>();
        foreach (var tag in UsageTag.All)
        {
            var file = carrier switch
            {
                MarkCarrier.Id3 => await Id3Carrier.WriteAsync(source, new XmpMark(tag, statement), cancellationToken),
                MarkCarrier.Riff => await RiffCarrier.WriteAsync(source, new XmpMark(tag, statement), cancellationToken),
                MarkCarrier.Matroska => await MatroskaCarrier.WriteAsync(source, tag, cancellationToken),
                _ => null,
            };
            if (file is null)
                return null;
            files.Add((tag, file));
        }

        return files;
    }

    /// <summary>The pieces that all files share, in order, with null for the one in which they differ; null where that is not one place of the same length in all.</summary>
    private static (IReadOnlyList<Piece?> Pieces, IReadOnlyList<(UsageTag Tag, ReadOnlyMemory<byte> Bytes)> Fronts)? Join(IReadOnlyList<(UsageTag Tag, Splice File)> files, MarkCarrier carrier)
    {
        var first = files[0].File.Pieces;
        if (files.Any(other => other.File.Pieces.Count != first.Count || other.File.Length != files[0].File.Length))
            return null;
        var pieces = new List<Piece?>();
        var fronts = new List<(UsageTag, ReadOnlyMemory<byte>)>();
        foreach (var (i, piece) in first.Index())
        {
            if (files.All(other => IsSame(piece, other.File.Pieces[i])))
            {
                pieces.Add(piece);
                continue;
            }

            var begin = (int)piece.Length - MarkedFront.LengthIn(carrier, piece.Length);
            if (fronts.Count > 0 || begin < 0 || files.Any(other => other.File.Pieces[i] is not { IsOwn: true } same || same.Length != piece.Length || !same.Bytes.Span[..begin].SequenceEqual(piece.Bytes.Span[..begin])))
                return null;
            if (begin > 0)
                pieces.Add(Piece.Own(piece.Bytes[..begin]));
            pieces.Add(null);
            fronts.AddRange(files.Select(other => (other.Tag, other.File.Pieces[i].Bytes[begin..])));
        }

        return fronts.Count > 0 ? (pieces, fronts) : null;
    }

    private static bool IsSame(Piece one, Piece other) =>
        one.IsOwn == other.IsOwn && one.Offset == other.Offset && one.Length == other.Length && (!one.IsOwn || one.Bytes.Equals(other.Bytes) || one.Bytes.Span.SequenceEqual(other.Bytes.Span));

    private static byte[]? Store(MarkCarrier carrier, long sourceLength, IReadOnlyList<Piece?> pieces, IReadOnlyList<(UsageTag Tag, ReadOnlyMemory<byte> Bytes)> fronts)
    {
        using var own = new MemoryStream();
        var places = new List<LaidPiece>();
        var kept = new List<ReadOnlyMemory<byte>>();
        var keptLength = 0L;
        foreach (var piece in pieces)
        {
            switch (piece)
            {
                case null:
                    places.Add(new LaidPiece(LaidKind.Front, 0, fronts[0].Bytes.Length));
                    break;
                case { IsOwn: false } stretch:
                    places.Add(new LaidPiece(LaidKind.Source, stretch.Offset, stretch.Length));
                    break;
                case { } mine when mine.Length <= ShortPiece && own.Length + mine.Length <= MostShortBytes:
                    places.Add(new LaidPiece(LaidKind.Own, own.Length, mine.Length));
                    own.Write(mine.Bytes.Span);
                    break;
                case { } mine:
                    places.Add(new LaidPiece(LaidKind.Stored, keptLength, mine.Length));
                    kept.Add(mine.Bytes);
                    keptLength += mine.Length;
                    break;
            }
        }

        var used = fronts.Select(front => Used(front.Bytes.Span)).ToList();
        var headLength = HeadFixed + ((long)places.Count * PieceLength) + fronts.Sum(front => 1 + front.Tag.Name.Length + 8 + 4 + 1 + DigestLength) + own.Length;
        if (headLength > MarkedLayout.LargestIndex)
            return null;
        using var stored = new MemoryStream();
        using var writer = new BinaryWriter(stored);
        writer.Write(MarkedLayout.Version);
        writer.Write((int)headLength);
        writer.Write((byte)carrier);
        writer.Write(sourceLength);
        writer.Write(places.Count);
        writer.Write(fronts.Count);
        writer.Write((int)own.Length);
        foreach (var place in places)
        {
            writer.Write((byte)place.Kind);
            writer.Write(place.Kind == LaidKind.Stored ? headLength + place.Offset : place.Offset);
            writer.Write(place.Length);
        }

        var at = headLength + keptLength;
        foreach (var (i, (tag, bytes)) in fronts.Index())
        {
            writer.Write(tag.Name);
            writer.Write(at);
            writer.Write(used[i]);
            writer.Write(bytes.Span[^1]);
            writer.Write(SHA256.HashData(bytes.Span));
            at += used[i];
        }

        writer.Write(own.ToArray());
        foreach (var bytes in kept.Concat(fronts.Select((front, i) => front.Bytes[..used[i]])))
            writer.Write(bytes.Span);
        return stored.ToArray();
    }

    /// <summary>Bytes in front of the run of one byte that it ends with.</summary>
    private static int Used(ReadOnlySpan<byte> front) => front.LastIndexOfAnyExcept(front[^1]) + 1;
}
