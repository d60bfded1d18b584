using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Carriers;

/// <summary>
/// MP3: the packet in a <c>PRIV</c> frame with the owner <c>XMP</c>, in an ID3v2.3 or 2.4 tag at the front. The other frames stay as they stand, and behind them is
/// a fixed <see cref="Room"/> for marks, the rest of which is padding, so that a change of the mark moves nothing behind it.
/// </summary>
public static class Id3Carrier
{
    /// <summary>Bytes for marks and padding, the tag's own head among them.</summary>
    public const int Room = 65_536;

    /// <summary>
    /// The file with the mark; null where its tag can't be kept beside ours (ID3v2.2, with flags, broken), has several packets, or the packet has no room. A C2PA manifest
    /// that the file had is left out: it was bound to other bytes.
    /// </summary>
    public static async ValueTask<Splice?> WriteAsync(IByteSource source, XmpMark mark, CancellationToken cancellationToken)
    {
        if (await Id3Tag.ReadAsync(source, cancellationToken) is not { Packets.Count: <= 1, Manifests.Count: <= 1 } tag)
            return null;
        if (Frames(tag.Version, XmpPacket.Write(mark, tag.Packets is [var present] ? present : default), default) is not var (own, _))
            return null;
        var front = new byte[checked(tag.Frames.Sum(other => other.Length) + Room)];
        "ID3"u8.CopyTo(front);
        front[3] = (byte)tag.Version;
        Id3Tag.WriteSynchsafe(front.AsSpan(6), front.Length - Id3Tag.HeadLength);
        var at = Id3Tag.HeadLength;
        foreach (var part in tag.Frames.Append(own))
        {
            part.Span.CopyTo(front.AsSpan(at));
            at += part.Length;
        }

        return new Splice([Piece.Own(front), Piece.Stretch(tag.Length, source.Length - tag.Length)]);
    }

    /// <summary>What stands in the room behind the other frames, all of it: the packet's frame, one of a C2PA manifest where there is one, and padding. And where in it the manifest stands. Null where it has no room.</summary>
    internal static (ReadOnlyMemory<byte> Front, int ManifestAt)? Frames(int version, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> manifest)
    {
        byte[] frames = [.. Id3Tag.Frame("PRIV"u8, [.. Id3Tag.XmpOwner, .. packet], version), .. manifest.IsEmpty ? [] : Id3Tag.Frame("GEOB"u8, [.. Id3Tag.ManifestHead, .. manifest], version)];
        if (frames.Length > Room - Id3Tag.HeadLength)
            return null;
        var front = new byte[Room - Id3Tag.HeadLength];
        frames.CopyTo(front, 0);
        return (front, frames.Length - manifest.Length);
    }

    /// <summary>The packets that stand in a file. Null where its tag can't be read.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> PacketsAsync(IByteSource source, CancellationToken cancellationToken) =>
        (await Id3Tag.ReadAsync(source, cancellationToken))?.Packets;

    /// <summary>The C2PA manifest stores that stand in a file. Null where its tag can't be read.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> ManifestsAsync(IByteSource source, CancellationToken cancellationToken) =>
        (await Id3Tag.ReadAsync(source, cancellationToken))?.Manifests;
}
