using System.Buffers.Binary;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Serving;

/// <summary>The part of a file that leaves which carries the mark, read back by itself: it is ours, short, and the same for every file but for what a stranger's packet had in it.</summary>
public static class MarkedFront
{
    /// <summary>Whether a front says exactly the tag, and nothing else of use.</summary>
    /// <param name="carrier">What it is part of.</param>
    /// <param name="front">All of it.</param>
    /// <param name="tag">The tag in force.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<bool> SaysAsync(MarkCarrier carrier, ReadOnlyMemory<byte> front, UsageTag tag, CancellationToken cancellationToken)
    {
        if (carrier == MarkCarrier.Matroska)
            return ReadTags(front.Span) is { IsReadable: true, IsOurs: true, Values: [var value] } && value == PlusDataMining.Value(tag);
        return await PacketAsync(carrier, front, cancellationToken) is { } packet && IsExactly(XmpPacket.Read(packet), tag);
    }

    /// <summary>The packet that stands in a front of XMP; null where there is not one.</summary>
    internal static async ValueTask<ReadOnlyMemory<byte>?> PacketAsync(MarkCarrier carrier, ReadOnlyMemory<byte> front, CancellationToken cancellationToken)
    {
        var packets = carrier switch
        {
            MarkCarrier.Mp4 => await Mp4LayoutReader.PacketsAsync(new MemorySource(front), cancellationToken),
            MarkCarrier.Id3 => await Id3Carrier.PacketsAsync(new MemorySource(UnderHead(front.Span)), cancellationToken),
            MarkCarrier.Riff => await RiffCarrier.PacketsAsync(new MemorySource(InForm(front.Span)), cancellationToken),
            _ => null,
        };
        return packets is [var packet] ? packet : null;
    }

    /// <summary>Whether what was found in a file is one mark, with the tag's own word.</summary>
    public static bool IsExactly(IReadOnlyList<FoundMark> marks, UsageTag tag) => marks is [var mark] && mark.Value == PlusDataMining.Value(tag);

    /// <summary>How much of the end of the piece in which the files of different tags differ is the front.</summary>
    internal static int LengthIn(MarkCarrier carrier, long piece) => (int)Math.Min(piece, carrier switch
    {
        // In front of it stand the frames that the file had, and the tag's head.
        MarkCarrier.Id3 => Id3Carrier.Room - Id3Tag.HeadLength,
        // In front of it may stand the filler of the last chunk.
        MarkCarrier.Riff => RiffCarrier.Room,
        _ => MarkedLayout.LargestFront,
    });

    private static LegalTags ReadTags(ReadOnlySpan<byte> front) =>
        Ebml.Children(front) is [{ Id: MatroskaIds.Tags } tags, ..] ? LegalTags.Read(front[(int)tags.Body..(int)tags.End]) : LegalTags.Unreadable;

    private static byte[] UnderHead(ReadOnlySpan<byte> frames)
    {
        var tag = new byte[Id3Tag.HeadLength + frames.Length];
        "ID3\u0004"u8.CopyTo(tag);
        Id3Tag.WriteSynchsafe(tag.AsSpan(6), frames.Length);
        frames.CopyTo(tag.AsSpan(Id3Tag.HeadLength));
        return tag;
    }

    private static byte[] InForm(ReadOnlySpan<byte> chunk)
    {
        var form = new byte[12 + chunk.Length];
        "RIFF"u8.CopyTo(form);
        BinaryPrimitives.WriteInt32LittleEndian(form.AsSpan(4), 4 + chunk.Length);
        "WAVE"u8.CopyTo(form.AsSpan(8));
        chunk.CopyTo(form.AsSpan(12));
        return form;
    }
}
