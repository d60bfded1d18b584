using System.Buffers.Binary;
using System.Text;

namespace RecordingVault.Marks.Bmff;

/// <summary>Why a file's boxes can't be laid out anew: it is broken, hostile, or of a kind that moves badly. The sentence is for a log and for `inspect`.</summary>
internal sealed class LayoutRefusedException(string reason) : Exception(reason);

/// <summary>The head of a box (ISO/IEC 14496-12): where it begins, what it is, and where its content begins and ends.</summary>
internal readonly record struct Box(string Type, long At, int HeadLength, long Length)
{
    public const int ShortHead = 8, LongHead = 16, UuidLength = 16;

    public long Body => At + HeadLength;

    public long End => At + Length;

    /// <summary>Reads the head at the front of the bytes, which begin at an offset of the file (or of the parent's content) that ends at a limit.</summary>
    /// <param name="bytes">At least eight, and sixteen where there are as many.</param>
    /// <param name="at">Where they begin.</param>
    /// <param name="limit">Where the parent ends: no box lies beyond it.</param>
    /// <param name="mayBeOpen">Whether a size of 0, "up to the end", is allowed here.</param>
    public static Box Read(ReadOnlySpan<byte> bytes, long at, long limit, bool mayBeOpen)
    {
        if (bytes.Length < ShortHead)
            throw new LayoutRefusedException("a box has no room for its head");
        var (length, head) = ((long)BinaryPrimitives.ReadUInt32BigEndian(bytes), ShortHead);
        if (length == 1)
        {
            if (bytes.Length < LongHead)
                throw new LayoutRefusedException("a box has no room for its head");
            (length, head) = (BinaryPrimitives.ReadInt64BigEndian(bytes[8..]), LongHead);
        }
        else if (length == 0 && mayBeOpen)
        {
            length = limit - at;
        }

        if (length < head || length > limit - at)
            throw new LayoutRefusedException("a box is smaller than its head or larger than what it lies in");
        return new Box(Encoding.Latin1.GetString(bytes.Slice(4, 4)), at, head, length);
    }

    /// <summary>Eight bytes: the head of a box of ours.</summary>
    public static void WriteHead(Span<byte> target, string type, long length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, checked((uint)length));
        Encoding.Latin1.GetBytes(type, target[4..]);
    }
}
