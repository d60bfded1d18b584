using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Carriers;

/// <summary>
/// Files that lie beside another one and speak of it: an XMP packet, or a manifest store of C2PA. For a file whose kind takes no mark inside (Ogg, FLAC, AAC, ASF, FLV, MPEG) the
/// first of them is the place of its mark.
/// </summary>
public static class Sidecars
{
    /// <summary>Behind the whole name of the file that it is of.</summary>
    public const string XmpEnding = ".xmp";

    /// <summary>Of an XMP sidecar.</summary>
    public const string XmpMediaType = "application/rdf+xml";

    /// <summary>Of a manifest store, behind the whole name likewise.</summary>
    public const string C2paEnding = ".c2pa";

    /// <summary>Of a manifest store.</summary>
    public const string C2paMediaType = "application/c2pa";

    /// <summary>Bytes of the longest store that is read.</summary>
    public const int LongestStore = 8 * 1024 * 1024;

    private static readonly string[] s_endings = [XmpEnding, C2paEnding];

    /// <summary>Where sidecars of a file would lie: with its whole name and an ending more, or with an ending in place of its own.</summary>
    public static IEnumerable<string> Beside(string path) =>
        s_endings.SelectMany(ending => new[] { path + ending, Path.ChangeExtension(path, ending) }).Distinct(StringComparer.Ordinal).Where(beside => beside != path);

    /// <summary>An XMP sidecar with a mark, which was read back; null where the file's kind has a place of its own for it, or what was written does not say the tag.</summary>
    /// <param name="mediaType">What the first bytes of the file were.</param>
    /// <param name="mark">What it says.</param>
    public static byte[]? Xmp(string mediaType, XmpMark mark)
    {
        if (MarkCarriers.Of(mediaType) != MarkCarrier.None)
            return null;
        var packet = XmpPacket.Write(mark);
        return MarkedFront.IsExactly(XmpPacket.Read(packet), mark.Tag) ? packet : null;
    }
}
