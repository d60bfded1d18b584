namespace RecordingVault.Server.Features.Uploads.Content;

/// <summary>Video and audio containers by their magic bytes: a fixed list, which is also the list of demuxers that processing will ever name.</summary>
internal static class MediaMagic
{
    /// <summary>The media type, or null when the bytes begin no file of the list.</summary>
    public static string? Find(ReadOnlySpan<byte> first) =>
        IsoMedia.Find(first) ?? Ebml(first) ?? Riff(first) ?? Ogg(first) ?? AudioFrames.Find(first) ?? Plain(first);

    /// <summary>A container that can hold either, where the uploader says that it holds sound.</summary>
    public static string? AsAudio(string? mediaType) => mediaType switch
    {
        "video/mp4" or "video/quicktime" => "audio/mp4",
        "video/webm" => "audio/webm",
        "video/x-matroska" => "audio/x-matroska",
        "video/ogg" => "audio/ogg",
        "video/3gpp" => "audio/3gpp",
        _ => mediaType,
    };

    private static string? Ebml(ReadOnlySpan<byte> first)
    {
        if (!first.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return null;
        // DocType (42 82) stands in the EBML header, which comes first and is short.
        var header = first[..Math.Min(first.Length, 256)];
        var at = header.IndexOf((ReadOnlySpan<byte>)[0x42, 0x82]);
        if (at < 0 || at + 3 > header.Length)
            return null;
        var name = header[(at + 3)..];
        return name.StartsWith("webm"u8) ? "video/webm" : name.StartsWith("matroska"u8) ? "video/x-matroska" : null;
    }

    private static string? Riff(ReadOnlySpan<byte> first)
    {
        if (first.Length < 12 || !(first.StartsWith("RIFF"u8) || first.StartsWith("RF64"u8)))
            return null;
        var form = first.Slice(8, 4);
        return form.SequenceEqual("WAVE"u8) ? "audio/wav" : form.SequenceEqual("AVI "u8) ? "video/x-msvideo" : null;
    }

    private static string? Ogg(ReadOnlySpan<byte> first)
    {
        if (!first.StartsWith("OggS"u8) || first.Length < 27)
            return null;
        // The first page holds the first packet of the first stream, after its table of lacing values.
        var at = 27 + first[26];
        if (at >= first.Length)
            return null;
        var packet = first[at..];
        if (IsOf(packet, 0x80, "theora"u8) || IsOf(packet, 0x01, "video"u8))
            return "video/ogg";
        return packet.StartsWith("OpusHead"u8) || IsOf(packet, 0x01, "vorbis"u8) || IsOf(packet, 0x7F, "FLAC"u8) || packet.StartsWith("Speex   "u8) ? "audio/ogg" : null;
    }

    private static bool IsOf(ReadOnlySpan<byte> packet, byte kind, ReadOnlySpan<byte> name) => packet.Length > 0 && packet[0] == kind && packet[1..].StartsWith(name);

    private static string? Plain(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith("fLaC"u8))
            return "audio/flac";
        if (first.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C]))
            return "video/x-ms-asf";
        if (first.Length >= 9 && first.StartsWith("FLV\u0001"u8) && (first[4] & 0xFA) == 0)
            return "video/x-flv";
        // A pack header of MPEG-1 (0010) or MPEG-2 (01).
        if (first.Length >= 5 && first.StartsWith((ReadOnlySpan<byte>)[0x00, 0x00, 0x01, 0xBA]) && ((first[4] & 0xF0) == 0x20 || (first[4] & 0xC0) == 0x40))
            return "video/mpeg";
        return IsTransportStream(first) ? "video/mp2t" : null;
    }

    /// <summary>MPEG-TS: a packet of 188 bytes begins with 47; five in a row are no accident.</summary>
    private static bool IsTransportStream(ReadOnlySpan<byte> first)
    {
        const int Packet = 188;
        const int Packets = 5;
        if (first.Length <= Packet * (Packets - 1))
            return false;
        for (var packet = 0; packet < Packets; packet++)
        {
            if (first[packet * Packet] != 0x47)
                return false;
        }

        return true;
    }
}
