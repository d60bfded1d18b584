using System.Buffers.Binary;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.Carriers;

/// <summary>An ID3v2.3 or 2.4 tag at the front of a file, taken apart into frames that can be copied as they stand.</summary>
/// <param name="Version">3 or 4.</param>
/// <param name="Length">Bytes of the whole tag; 0 where there is none.</param>
/// <param name="Frames">All but those of marks, each with its head.</param>
/// <param name="Packets">What <c>PRIV</c> frames with the owner XMP hold.</param>
/// <param name="Manifests">What <c>GEOB</c> frames of C2PA hold.</param>
internal sealed record Id3Tag(int Version, int Length, IReadOnlyList<ReadOnlyMemory<byte>> Frames, IReadOnlyList<ReadOnlyMemory<byte>> Packets, IReadOnlyList<ReadOnlyMemory<byte>> Manifests)
{
    public const int HeadLength = 10;
    private const int LongestTag = 16 << 20;

    public static readonly byte[] XmpOwner = "XMP\0"u8.ToArray();

    // Latin-1; the media type, no file name, a description; then the object.
    public static readonly byte[] ManifestHead = [0, .. "application/c2pa\0\0c2pa manifest store\0"u8];

    private static readonly byte[][] s_manifestTypes = ["application/c2pa\0"u8.ToArray(), "application/x-c2pa-manifest-store\0"u8.ToArray()];

    /// <summary>The tag of a file, an empty one where it has none; null where it can't be read, or not be kept beside ours.</summary>
    public static async ValueTask<Id3Tag?> ReadAsync(IByteSource source, CancellationToken cancellationToken)
    {
        if (await source.PartAsync(0, HeadLength, cancellationToken) is not { } header)
            return null;
        if (!header.AsSpan().StartsWith("ID3"u8))
            return new Id3Tag(4, 0, [], [], []);
        // With any flag (unsynchronised, extended, experimental, a footer) frames can't be copied as they stand.
        if (header[3] is not (3 or 4) || header[5] != 0 || ReadSynchsafe(header.AsSpan(6)) is not { } size || size > LongestTag || await source.PartAsync(HeadLength, size, cancellationToken) is not { } body)
            return null;
        // Some writers of 2.4 give sizes as 2.3 has them. Only one of both readings comes out at the padding.
        return Parse(header[3], body, isSynchsafe: header[3] == 4) ?? (header[3] == 4 ? Parse(4, body, isSynchsafe: false) : null);
    }

    public static byte[] Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content, int version)
    {
        var frame = new byte[HeadLength + content.Length];
        name.CopyTo(frame);
        WriteSize(frame, content.Length, version);
        content.CopyTo(frame.AsSpan(HeadLength));
        return frame;
    }

    /// <summary>Four bytes of seven bits each, the highest first.</summary>
    public static void WriteSynchsafe(Span<byte> bytes, int value)
    {
        for (var i = 0; i < 4; i++)
            bytes[i] = (byte)((value >> (7 * (3 - i))) & 0x7F);
    }

    private static Id3Tag? Parse(int version, byte[] body, bool isSynchsafe)
    {
        List<ReadOnlyMemory<byte>> frames = [], packets = [], manifests = [];
        var at = 0;
        // A zero where a frame's name should stand begins the padding.
        while (at < body.Length && body[at] != 0)
        {
            var head = body.AsSpan(at);
            if (head.Length < HeadLength || head[..4].ContainsAnyExcept(s_names))
                return null;
            var length = isSynchsafe ? ReadSynchsafe(head[4..]) : BinaryPrimitives.ReadInt32BigEndian(head[4..]);
            if (length is not >= 0 || length > head.Length - HeadLength)
                return null;
            var frame = head[..(HeadLength + length.Value)].ToArray();
            WriteSize(frame, length.Value, version);
            at += frame.Length;
            var content = frame.AsMemory(HeadLength);
            if (!head.StartsWith("PRIV"u8) && !head.StartsWith("GEOB"u8))
            {
                frames.Add(frame);
                continue;
            }

            // Compressed, encrypted, grouped or with a length in front: what it holds does not stand where it is looked for.
            if (frame[9] != 0)
                return null;
            if (head.StartsWith("PRIV"u8) && content.Span.StartsWith(XmpOwner))
                packets.Add(content[XmpOwner.Length..]);
            else if (head.StartsWith("GEOB"u8) && Array.Exists(s_manifestTypes, type => content.Length > 0 && content.Span[1..].StartsWith(type)))
                manifests.Add(ObjectOf(content));
            else
                frames.Add(frame);
        }

        return body.AsSpan(at).ContainsAnyExcept((byte)0) ? null : new Id3Tag(version, HeadLength + body.Length, frames, packets, manifests);
    }

    private static readonly System.Buffers.SearchValues<byte> s_names = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8);

    /// <summary>Behind the encoding, the media type, a file name and a description, of which the last two may be of two bytes a letter.</summary>
    private static ReadOnlyMemory<byte> ObjectOf(ReadOnlyMemory<byte> content)
    {
        var isWide = content.Span[0] is 1 or 2;
        var at = 1 + content.Span[1..].IndexOf((byte)0) + 1;
        for (var text = 0; text < 2; text++)
        {
            while (at < content.Length && (content.Span[at] != 0 || (isWide && at + 1 < content.Length && content.Span[at + 1] != 0)))
                at += isWide ? 2 : 1;
            at = Math.Min(content.Length, at + (isWide ? 2 : 1));
        }

        return content[at..];
    }

    private static void WriteSize(Span<byte> frame, int length, int version)
    {
        if (version == 4)
            WriteSynchsafe(frame[4..], length);
        else
            BinaryPrimitives.WriteInt32BigEndian(frame[4..], length);
    }

    /// <summary>Null where an eighth bit is set.</summary>
    private static int? ReadSynchsafe(ReadOnlySpan<byte> bytes) =>
        ((bytes[0] | bytes[1] | bytes[2] | bytes[3]) & 0x80) == 0 ? (bytes[0] << 21) | (bytes[1] << 14) | (bytes[2] << 7) | bytes[3] : null;
}
