using System.Buffers.Binary;
using RecordingVault.Marks.Bmff;

namespace RecordingVault.Marks.C2pa;

/// <summary>The <c>uuid</c> box of an MP4 that holds a manifest store (C2PA 2.2, A.5).</summary>
internal static class ManifestBox
{
    // Behind the usertype: version and flags, the purpose with its zero, and where the first Merkle box lies (nowhere).
    private static readonly byte[] s_purpose = [0, 0, 0, 0, .. "manifest\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Bytes of the box that stand before the store.</summary>
    public static int HeadLength => Box.ShortHead + Box.UuidLength + s_purpose.Length;

    /// <summary>Writes what stands before a store of a length.</summary>
    public static void WriteHead(Span<byte> target, int storeLength)
    {
        Box.WriteHead(target, "uuid", HeadLength + storeLength);
        TopBoxes.C2pa.CopyTo(target[Box.ShortHead..]);
        s_purpose.CopyTo(target[(Box.ShortHead + Box.UuidLength)..]);
    }

    /// <summary>The manifest store in what stands in such a box behind its usertype; empty where there is no box. Null for boxes of other purposes and for what was cut off.</summary>
    public static ReadOnlyMemory<byte>? StoreOf(ReadOnlyMemory<byte> box)
    {
        if (box.IsEmpty)
            return ReadOnlyMemory<byte>.Empty;
        if (box.Length < s_purpose.Length + Box.ShortHead || !box.Span[..(s_purpose.Length - sizeof(long))].SequenceEqual(s_purpose.AsSpan(0, s_purpose.Length - sizeof(long))))
            return null;
        var store = box[s_purpose.Length..];
        return BinaryPrimitives.ReadUInt32BigEndian(store.Span) <= store.Length ? store : null;
    }
}
