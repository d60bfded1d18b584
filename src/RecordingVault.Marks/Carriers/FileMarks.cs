using System.Text;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Carriers;

/// <summary>The marks that came in with a file, read by its kind. A kind that has no carrier has no mark; a file of a kind that has one and that can't be read prohibits all.</summary>
public static class FileMarks
{
    /// <summary>Bytes of what is read whole: captions, transcripts and chats.</summary>
    private const int LongestText = 8 * 1024 * 1024;

    /// <param name="source">The file.</param>
    /// <param name="mediaType">What its first bytes were, without parameters.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<IReadOnlyList<FoundMark>> FindAsync(IByteSource source, string mediaType, CancellationToken cancellationToken) => mediaType switch
    {
        "video/mp4" or "video/quicktime" or "video/3gpp" or "audio/mp4" or "audio/3gpp" =>
            Joined(await Mp4LayoutReader.PacketsAsync(source, cancellationToken), await Mp4LayoutReader.ManifestBoxesAsync(source, cancellationToken), C2paReader.ReadBox),
        "audio/mpeg" => Joined(await Id3Carrier.PacketsAsync(source, cancellationToken), await Id3Carrier.ManifestsAsync(source, cancellationToken), C2paReader.Read),
        "audio/wav" or "video/x-msvideo" => Joined(await RiffCarrier.PacketsAsync(source, cancellationToken), await RiffCarrier.ManifestsAsync(source, cancellationToken), C2paReader.Read),
        "video/webm" or "audio/webm" or "video/x-matroska" or "audio/x-matroska" => await MatroskaCarrier.FindAsync(source, cancellationToken) ?? [FoundMark.Unreadable("Matroska")],
        "image/jpeg" => Read(await JpegCarrier.PacketsAsync(source, cancellationToken)),
        "image/png" => Read(await PngCarrier.PacketsAsync(source, cancellationToken)),
        "application/rdf+xml" => await WholeAsync(source, XmpPacket.MaxLength, cancellationToken) is { } packet ? XmpPacket.Read(packet) : [FoundMark.Unreadable("XMP")],
        Sidecars.C2paMediaType => await WholeAsync(source, Sidecars.LongestStore, cancellationToken) is { } store ? C2paReader.Read(store) : [FoundMark.Unreadable("C2PA")],
        "text/vtt" => await TextAsync(source, "WebVTT", VttCarrier.Read, cancellationToken),
        "application/json" => await TextAsync(source, "JSON", UsageMember.Read, cancellationToken),
        _ => [],
    };

    private static IReadOnlyList<FoundMark> Read(IReadOnlyList<ReadOnlyMemory<byte>>? packets) => packets is null ? [FoundMark.Unreadable("file")] : FoundMark.Bounded(packets.SelectMany(XmpPacket.Read));

    private static IReadOnlyList<FoundMark> Joined(IReadOnlyList<ReadOnlyMemory<byte>>? packets, IReadOnlyList<ReadOnlyMemory<byte>>? manifests, Func<ReadOnlyMemory<byte>, IReadOnlyList<FoundMark>> read) =>
        packets is null || manifests is null ? [FoundMark.Unreadable("file")] : FoundMark.Bounded(packets.SelectMany(XmpPacket.Read).Concat(manifests.SelectMany(read)));

    private static async ValueTask<IReadOnlyList<FoundMark>> TextAsync(IByteSource source, string carrier, Func<string, IReadOnlyList<FoundMark>> read, CancellationToken cancellationToken) =>
        await WholeAsync(source, LongestText, cancellationToken) is { } text ? read(Encoding.UTF8.GetString(text)) : [FoundMark.Unreadable(carrier)];

    private static async ValueTask<byte[]?> WholeAsync(IByteSource source, int longest, CancellationToken cancellationToken) =>
        source.Length <= longest ? await source.PartAsync(0, (int)source.Length, cancellationToken) : null;
}
