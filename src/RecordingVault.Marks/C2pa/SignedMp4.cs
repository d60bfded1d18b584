using System.Buffers.Binary;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.C2pa;

/// <summary>An MP4, M4A or MOV that leaves with both marks: XMP, and a C2PA manifest bound to its bytes. It has the length and the offsets of the one that is marked with XMP alone.</summary>
public static class SignedMp4
{
    private const int HeadLength = Box.ShortHead + Box.UuidLength;

    // Behind the usertype: version and flags, the purpose with its zero, and where the first Merkle box lies (nowhere).
    private static readonly byte[] s_purpose = [0, 0, 0, 0, .. "manifest\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The front, after one read of the recording; null where manifest and packet have no room in it together, or the file's own manifest can't be carried on.</summary>
    public static async ValueTask<byte[]?> FrontAsync(Mp4Layout layout, IByteSource source, XmpMark words, C2paMark mark, C2paSigner signer, CancellationToken cancellationToken)
    {
        if (StoreOf(layout.ManifestBox) is not { } store || (store.IsEmpty ? [] : Jumbf.Manifests(store)) is not { } earlier)
            return null;
        // A binding has one length whatever it binds, so a first manifest tells how long the true one is.
        var length = HeadLength + s_purpose.Length + C2paManifest.Write(words.Tag, mark, BmffBinding.Label, BmffBinding.Encode(new byte[32]), signer, earlier).Length;
        if (length > Mp4Layout.FrontLength || Mp4Front.Write(words, layout.Packet, length) is not { } front)
            return null;
        Box.WriteHead(front, "uuid", length);
        TopBoxes.C2pa.CopyTo(front.AsSpan(Box.ShortHead));
        s_purpose.CopyTo(front, HeadLength);
        var binding = await BmffBinding.ReadAsync(layout.With(front), source, cancellationToken);
        C2paManifest.Write(words.Tag, mark, BmffBinding.Label, binding, signer, earlier).CopyTo(front, HeadLength + s_purpose.Length);
        return front;
    }

    /// <summary>The manifest store in what stands in a C2PA box; empty where there is no box. Null for boxes of other purposes and for what was cut off.</summary>
    internal static ReadOnlyMemory<byte>? StoreOf(ReadOnlyMemory<byte> box)
    {
        if (box.IsEmpty)
            return ReadOnlyMemory<byte>.Empty;
        if (box.Length < s_purpose.Length + Box.ShortHead || !box.Span[..(s_purpose.Length - sizeof(long))].SequenceEqual(s_purpose.AsSpan(0, s_purpose.Length - sizeof(long))))
            return null;
        var store = box[s_purpose.Length..];
        return BinaryPrimitives.ReadUInt32BigEndian(store.Span) <= store.Length ? store : null;
    }
}
