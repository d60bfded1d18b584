using System.Buffers.Binary;

namespace RecordingVault.Server.Features.Uploads.Content;

/// <summary>MP4 and its family by the brands in `ftyp`, and QuickTime files from before there was one.</summary>
internal static class IsoMedia
{
    public static string? Find(ReadOnlySpan<byte> first)
    {
        if (first.Length < 8)
            return null;
        var size = BinaryPrimitives.ReadUInt32BigEndian(first);
        var type = first.Slice(4, 4);
        if (type.SequenceEqual("ftyp"u8))
            return size is >= 16 and <= 4096 ? ByBrands(first, (int)size) : null;
        // Size 1 says that a 64-bit size follows; old QuickTime writers begin with the media or with padding.
        var isOldQuickTime = type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8) || type.SequenceEqual("wide"u8) || type.SequenceEqual("pnot"u8);
        return isOldQuickTime && (size == 1 || size >= 8) ? "video/quicktime" : null;
    }

    private static string? ByBrands(ReadOnlySpan<byte> first, int size)
    {
        if (first.Length < 12)
            return null;
        if (ByBrand(first.Slice(8, 4)) is { } major)
            return major;
        // A brand of one maker's own: one that it is compatible with says what it is. Pictures (heic, avif) name none of these.
        for (var at = 16; at + 4 <= Math.Min(size, first.Length); at += 4)
        {
            if (ByBrand(first.Slice(at, 4)) is { } compatible)
                return compatible;
        }

        return null;
    }

    private static string? ByBrand(ReadOnlySpan<byte> brand)
    {
        if (brand.SequenceEqual("qt  "u8))
            return "video/quicktime";
        if (brand.SequenceEqual("M4A "u8) || brand.SequenceEqual("M4B "u8) || brand.SequenceEqual("M4P "u8))
            return "audio/mp4";
        if (brand.StartsWith("3gp"u8) || brand.StartsWith("3g2"u8))
            return "video/3gpp";
        var isVideo = brand.StartsWith("iso"u8) || brand.StartsWith("mp4"u8) || brand.StartsWith("M4V"u8) || brand.SequenceEqual("avc1"u8) || brand.SequenceEqual("dash"u8)
            || brand.SequenceEqual("MSNV"u8) || brand.SequenceEqual("F4V "u8) || brand.SequenceEqual("f4v "u8) || brand.SequenceEqual("mmp4"u8);
        return isVideo ? "video/mp4" : null;
    }
}
