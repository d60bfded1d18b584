using System.Buffers.Binary;

namespace RecordingVault.Server.Features.Uploads.Content;

/// <summary>MP3 and AAC, which have no magic of their own: a tag in front, or two frames that follow one another where the first one's length says so.</summary>
internal static class AudioFrames
{
    private static readonly int[] Mpeg1Layer3Kbits = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Mpeg2Layer3Kbits = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] Mpeg1Rates = [44_100, 48_000, 32_000];

    public static string? Find(ReadOnlySpan<byte> first)
    {
        if (IsId3(first) || IsPair(first, Layer3Length))
            return "audio/mpeg";
        return IsPair(first, AdtsLength) ? "audio/aac" : null;
    }

    private delegate int FrameLength(ReadOnlySpan<byte> header);

    /// <summary>ID3v2: version and flags as defined, and a length in four bytes of seven bits.</summary>
    private static bool IsId3(ReadOnlySpan<byte> first) =>
        first.Length >= 10 && first.StartsWith("ID3"u8) && first[3] is >= 2 and <= 4 && (first[5] & 0x0F) == 0 && ((first[6] | first[7] | first[8] | first[9]) & 0x80) == 0;

    private static bool IsPair(ReadOnlySpan<byte> first, FrameLength length)
    {
        var bytes = length(first);
        return bytes > 0 && bytes < first.Length && length(first[bytes..]) > 0;
    }

    /// <summary>Length of an MPEG layer III frame, or 0 when the bytes begin none.</summary>
    private static int Layer3Length(ReadOnlySpan<byte> header)
    {
        if (header.Length < 4)
            return 0;
        var word = BinaryPrimitives.ReadUInt32BigEndian(header);
        var version = (word >> 19) & 3;
        var layer = (word >> 17) & 3;
        var kbits = (int)(word >> 12) & 15;
        var rate = (int)(word >> 10) & 3;
        if (word >> 21 != 0x7FF || version == 1 || layer != 1 || kbits is 0 or 15 || rate == 3)
            return 0;
        var isVersion1 = version == 3;
        var bits = (isVersion1 ? Mpeg1Layer3Kbits : Mpeg2Layer3Kbits)[kbits] * 1000;
        var hertz = Mpeg1Rates[rate] / (isVersion1 ? 1 : version == 2 ? 2 : 4);
        var padding = (int)(word >> 9) & 1;
        return ((isVersion1 ? 144 : 72) * bits / hertz) + padding;
    }

    /// <summary>Length of an ADTS frame, or 0 when the bytes begin none.</summary>
    private static int AdtsLength(ReadOnlySpan<byte> header)
    {
        if (header.Length < 7 || header[0] != 0xFF || (header[1] & 0xF6) != 0xF0 || ((header[2] >> 2) & 15) > 12)
            return 0;
        var bytes = ((header[3] & 3) << 11) | (header[4] << 3) | (header[5] >> 5);
        return bytes >= 7 ? bytes : 0;
    }
}
