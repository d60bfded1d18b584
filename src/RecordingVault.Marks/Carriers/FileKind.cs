namespace RecordingVault.Marks.Carriers;

/// <summary>A kind of file as its first bytes tell it; the name that somebody gave it tells nothing.</summary>
/// <param name="MediaType">As <see cref="FileMarks.FindAsync"/> knows it.</param>
/// <param name="Words">For people.</param>
/// <param name="HasPlace">Whether such a file has a place for a mark that is known here.</param>
public sealed record FileKind(string MediaType, string Words, bool HasPlace = true)
{
    /// <summary>First bytes that suffice to tell a kind.</summary>
    public const int HeadLength = 64;

    private static readonly FileKind
        Mp4 = new("video/mp4", "MP4, M4A or MOV"), Mp3 = new("audio/mpeg", "MP3"), Wav = new("audio/wav", "WAV"), Avi = new("video/x-msvideo", "AVI"), Matroska = new("video/x-matroska", "Matroska or WebM"),
        Jpeg = new("image/jpeg", "JPEG"), Png = new("image/png", "PNG"), Vtt = new("text/vtt", "WebVTT"), Json = new("application/json", "JSON"), Xmp = new("application/rdf+xml", "XMP"), C2pa = new("application/c2pa", "C2PA manifest"),
        Ogg = new("application/ogg", "Ogg", HasPlace: false), Flac = new("audio/flac", "FLAC", HasPlace: false), Asf = new("video/x-ms-asf", "ASF (WMV, WMA)", HasPlace: false), Flv = new("video/x-flv", "FLV", HasPlace: false);

    /// <summary>Null for what is none of these.</summary>
    public static FileKind? Of(ReadOnlySpan<byte> head)
    {
        if (head.Length > 8 && head[4..8] is var type && (type.SequenceEqual("ftyp"u8) || type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8) || type.SequenceEqual("wide"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8)))
            return Mp4;
        if (head.Length > 8 && head[4..8].SequenceEqual("jumb"u8))
            return C2pa;
        if (head.Length > 12 && (head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8)))
            return head[8..12].SequenceEqual("WAVE"u8) ? Wav : head[8..12].SequenceEqual("AVI "u8) ? Avi : null;
        if (head.StartsWith("ID3"u8) || (head.Length > 1 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2))
            return Mp3;
        if (head.StartsWith("OggS"u8))
            return Ogg;
        if (head.StartsWith("fLaC"u8))
            return Flac;
        if (head.StartsWith("FLV\u0001"u8))
            return Flv;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75]))
            return Asf;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return Matroska;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return Jpeg;
        return head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? Png : OfText(head);
    }

    private static FileKind? OfText(ReadOnlySpan<byte> head)
    {
        var text = (head.StartsWith("\uFEFF"u8) ? head[3..] : head).TrimStart(" \t\r\n"u8);
        if (text.StartsWith("WEBVTT"u8))
            return Vtt;
        if (text.StartsWith("<?xpacket"u8) || text.StartsWith("<x:xmpmeta"u8) || text.StartsWith("<rdf:RDF"u8))
            return Xmp;
        // A list has no member that could hold a mark, and a chat may begin with the time of its first line in brackets.
        return text.StartsWith("{"u8) ? Json : null;
    }
}
