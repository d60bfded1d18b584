using System.Buffers.Binary;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.Bmff;

/// <summary>Absolute places outside the <c>moov</c>: bases of track fragments (<c>tfhd</c>) and the random-access index at the end (<c>mfra</c>).</summary>
internal static class Fragments
{
    private const int MostPatches = 4096, LargestFragment = 1 << 20, LargestIndex = 16 << 20, MostFragmentBoxes = 1000;

    /// <summary>Bytes of the source that must be written anew when things move, each with its width: a number of 4 or 8 bytes.</summary>
    /// <exception cref="LayoutRefusedException">Too many, too large, or broken.</exception>
    public static async ValueTask<List<Patch>> ReadAsync(IByteSource source, IReadOnlyList<Box> boxes, CancellationToken cancellationToken)
    {
        var patches = new List<Patch>();
        foreach (var box in boxes)
        {
            if (box.Type is not ("moof" or "mfra"))
                continue;
            if (box.Length > (box.Type == "moof" ? LargestFragment : LargestIndex))
                throw new LayoutRefusedException("a fragment's index is too large");
            var content = (await source.PartAsync(box.Body, (int)(box.End - box.Body), cancellationToken))!;
            var budget = MostFragmentBoxes;
            foreach (var node in BoxNode.Parse(box.Type, content, box.Body, ref budget).All)
            {
                if (node.Type == "tfhd")
                    AddBase(patches, node);
                else if (node.Type == "tfra")
                    AddEntries(patches, node);
                else if (node.Type == "meta")
                    MetaItems.RefusePlaced(node.Content);
            }

            if (patches.Count > MostPatches)
                throw new LayoutRefusedException("its fragments are patched in too many places");
        }

        return patches;
    }

    private static void AddBase(List<Patch> patches, BoxNode node)
    {
        // Version and flags, track; then the base, where the lowest flag says so.
        var bytes = node.Content.Span;
        if (bytes.Length < 8)
            throw new LayoutRefusedException("a fragment's head is too short");
        if ((bytes[3] & 1) == 0)
            return;
        if (bytes.Length < 16)
            throw new LayoutRefusedException("a fragment's head is too short");
        patches.Add(new Patch(node.At + 8, 8, BinaryPrimitives.ReadInt64BigEndian(bytes[8..])));
    }

    private static void AddEntries(List<Patch> patches, BoxNode node)
    {
        var bytes = node.Content.Span;
        if (bytes.Length < 16)
            throw new LayoutRefusedException("an index of fragments is too short");
        var width = bytes[0] == 0 ? 4 : 8;
        var numbers = ((bytes[11] >> 4) & 3) + ((bytes[11] >> 2) & 3) + (bytes[11] & 3) + 3;
        var entry = (2 * width) + numbers;
        var count = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        if (count * (long)entry != bytes.Length - 16)
            throw new LayoutRefusedException("an index of fragments has another length than it says");
        if (count > MostPatches)
            throw new LayoutRefusedException("its fragments are patched in too many places");
        for (var i = 0; i < count; i++)
        {
            var at = 16 + (i * entry) + width;
            patches.Add(new Patch(node.At + at, width, width == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : BinaryPrimitives.ReadInt64BigEndian(bytes[at..])));
        }
    }
}

/// <summary>A number in the source that names a place in it.</summary>
internal readonly record struct Patch(long At, int Width, long Value)
{
    public byte[] Moved(long value)
    {
        var bytes = new byte[Width];
        if (Width == 8)
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        else if (value <= uint.MaxValue)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        else
            throw new LayoutRefusedException("an index of fragments no longer fits into 32 bits");
        return bytes;
    }
}
