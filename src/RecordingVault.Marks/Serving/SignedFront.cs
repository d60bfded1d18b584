using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Serving;

/// <summary>A file that leaves with XMP alone, and where in it its front stands.</summary>
/// <param name="File">All of it.</param>
/// <param name="At">Offset of the front.</param>
/// <param name="Length">Of the front, in bytes.</param>
public sealed record PlacedFront(IByteSource File, long At, int Length)
{
    /// <summary>The same file with another front.</summary>
    public IByteSource With(ReadOnlyMemory<byte> front) => front.Length == Length
        ? new SplicedSource(new Splice([Piece.Stretch(0, At), Piece.Own(front), Piece.Stretch(At + Length, File.Length - At - Length)]), File)
        : throw new ArgumentException("A front has a fixed length.", nameof(front));
}

/// <summary>
/// A front that carries both marks: the packet of the front that a view leaves with, byte for byte, and a C2PA manifest that is bound to every byte around it. It has the same place and
/// the same length, so a file that is signed differs from one that is not in its front and nowhere else.
/// </summary>
public static class SignedFront
{
    /// <summary>Whether files of a kind can be signed.</summary>
    public static bool Takes(string mediaType) => mediaType == "audio/wav" || MarkCarriers.Of(mediaType) is MarkCarrier.Mp4 or MarkCarrier.Id3;

    /// <summary>The front, after one read of the file; null where manifest and packet have no room in it together, or the file's own manifest can't be carried on.</summary>
    /// <param name="place">The file as it leaves without a manifest.</param>
    /// <param name="source">The file as it came: its own manifest is carried on.</param>
    /// <param name="tag">The tag that its packet says.</param>
    /// <param name="mark">What else the manifest says.</param>
    /// <param name="signer">Signs it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<byte[]?> MakeAsync(PlacedFront place, IByteSource source, UsageTag tag, C2paMark mark, C2paSigner signer, CancellationToken cancellationToken)
    {
        if (!Takes(mark.MediaType) || await EarlierAsync(source, mark.MediaType, cancellationToken) is not { } earlier || await ReadAsync(place, mark.MediaType, cancellationToken) is not { } room)
            return null;
        // A binding has nearly one length whatever it binds: numbers take a few bytes more or less. The rest of the room, always even, is zeros behind the manifest.
        var length = (Manifest(room.IsBoxed ? BmffBinding.Encode(new byte[32]) : DataBinding.Encode(long.MaxValue, int.MaxValue, new byte[32])).Length + 1) & ~1;
        if (room.With(new byte[length]) is not var (empty, manifestAt))
            return null;
        var unsigned = place.With(empty);
        var at = place.At + manifestAt;
        var binding = room.IsBoxed
            ? BmffBinding.Encode(await BindingHash.ReadAsync(unsigned, await BmffBinding.CoverAsync(unsigned, cancellationToken), cancellationToken))
            : DataBinding.Encode(at - room.Head, room.Head + length, await BindingHash.ReadAsync(unsigned, DataBinding.Cover(at - room.Head, room.Head + length, unsigned.Length), cancellationToken));
        var manifest = new byte[length];
        Manifest(binding).CopyTo(manifest, 0);
        return room.With(manifest)?.Front.ToArray();

        byte[] Manifest(byte[] bound) => C2paManifest.Write(tag, mark, room.IsBoxed ? BmffBinding.Label : DataBinding.Label, bound, signer, earlier);
    }

    /// <summary>The manifests that stand in a file; none where it has no store, null where it has one that can't be carried on, or several.</summary>
    internal static async ValueTask<IReadOnlyList<(string Label, byte[] Body)>?> EarlierAsync(IByteSource file, string mediaType, CancellationToken cancellationToken) =>
        await StoreAsync(file, mediaType, cancellationToken) is not { } store ? null : store.IsEmpty ? [] : Jumbf.Manifests(store);

    /// <summary>The manifest store of a file; empty where it has none, null where it can't be read, or there are several.</summary>
    internal static async ValueTask<ReadOnlyMemory<byte>?> StoreAsync(IByteSource file, string mediaType, CancellationToken cancellationToken)
    {
        var carrier = MarkCarriers.Of(mediaType);
        var found = carrier switch
        {
            MarkCarrier.Mp4 => await Mp4LayoutReader.ManifestBoxesAsync(file, cancellationToken),
            MarkCarrier.Id3 => await Id3Carrier.ManifestsAsync(file, cancellationToken),
            MarkCarrier.Riff => await RiffCarrier.ManifestsAsync(file, cancellationToken),
            _ => null,
        };
        return found switch
        {
            [] => ReadOnlyMemory<byte>.Empty,
            [var one] => carrier == MarkCarrier.Mp4 ? ManifestBox.StoreOf(one) : one,
            _ => null,
        };
    }

    /// <summary>Bytes before a manifest that belong to its place, as readers see it: of a chunk its head too.</summary>
    internal static int HeadOf(string mediaType) => MarkCarriers.Of(mediaType) == MarkCarrier.Riff ? RiffCarrier.ChunkHead : 0;

    private static async ValueTask<Room?> ReadAsync(PlacedFront place, string mediaType, CancellationToken cancellationToken)
    {
        var carrier = MarkCarriers.Of(mediaType);
        if (await place.File.PartAsync(place.At, place.Length, cancellationToken) is not { } front || await MarkedFront.PacketAsync(carrier, front, cancellationToken) is not { } packet)
            return null;
        // In which version of ID3 its frames are written stands at the front of the file.
        var version = carrier == MarkCarrier.Id3 && await place.File.PartAsync(0, Id3Tag.HeadLength, cancellationToken) is { } head ? head[3] : 0;
        return new Room(carrier, HeadOf(mediaType), version, packet);
    }

    /// <summary>What is put together into a front of one length.</summary>
    private sealed record Room(MarkCarrier Carrier, int Head, int Version, ReadOnlyMemory<byte> Packet)
    {
        public bool IsBoxed => Carrier == MarkCarrier.Mp4;

        /// <summary>The front with a manifest of an even length, and where in it that stands; null where it has no room.</summary>
        public (ReadOnlyMemory<byte> Front, int ManifestAt)? With(byte[] manifest)
        {
            switch (Carrier)
            {
                case MarkCarrier.Mp4:
                    if (ManifestBox.HeadLength + manifest.Length > Mp4Layout.FrontLength || Mp4Front.With(Packet.Span, ManifestBox.HeadLength + manifest.Length) is not { } boxes)
                        return null;
                    ManifestBox.WriteHead(boxes, manifest.Length);
                    manifest.CopyTo(boxes, ManifestBox.HeadLength);
                    return (boxes, ManifestBox.HeadLength);
                case MarkCarrier.Id3:
                    return Id3Carrier.Frames(Version, Packet.Span, manifest);
                default:
                    // The packet's chunk is filled up with spaces, and without them it is the same packet.
                    return RiffCarrier.Chunks(Packet.Span.TrimEnd((byte)' '), manifest) is { } chunks ? (chunks, chunks.Length - manifest.Length) : null;
            }
        }
    }
}
