using System.Buffers.Binary;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Serving;

/// <summary>A front that was laid out when the owner's terms stood at another address, with the address of now: of the same length, and the same but for that.</summary>
public static class RestatedFront
{
    /// <summary>The front as it stands where it says that address, is of a kind that says none, or has no room for it: what an older address says is still true of the tag.</summary>
    /// <param name="carrier">What it is part of.</param>
    /// <param name="front">All of it; one that was read back.</param>
    /// <param name="tag">The tag that it says.</param>
    /// <param name="statement">Where the terms of its owner stand; null for none that is known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<ReadOnlyMemory<byte>> OfAsync(MarkCarrier carrier, ReadOnlyMemory<byte> front, UsageTag tag, Uri? statement, CancellationToken cancellationToken)
    {
        if (statement is null || await MarkedFront.PacketAsync(carrier, front, cancellationToken) is not { } packet || XmpPacket.StatementOf(packet) == statement.AbsoluteUri)
            return front;
        var mark = new XmpMark(tag, statement);
        var restated = carrier switch
        {
            MarkCarrier.Mp4 => HasManifest(front.Span) ? null : Mp4Front.Write(mark, packet),
            MarkCarrier.Id3 => InFrame(front, packet, XmpPacket.Write(mark, packet)),
            MarkCarrier.Riff => InChunk(front, XmpPacket.Write(mark, packet)),
            _ => null,
        };
        return restated is not null && restated.Length == front.Length && await MarkedFront.SaysAsync(carrier, restated, tag, cancellationToken) ? restated : front;
    }

    /// <summary>What is signed can't be written over.</summary>
    private static bool HasManifest(ReadOnlySpan<byte> front) => front.IndexOf(TopBoxes.C2pa) >= 0;

    /// <summary>The frame of the packet is the first of them; its size is written as it was, in one of the two ways.</summary>
    private static byte[]? InFrame(ReadOnlyMemory<byte> front, ReadOnlyMemory<byte> packet, byte[] written)
    {
        foreach (var version in new[] { 3, 4 })
        {
            var old = Id3Tag.Frame("PRIV"u8, [.. Id3Tag.XmpOwner, .. packet.Span], version);
            if (!front.Span.StartsWith(old) || front.Span[old.Length..].ContainsAnyExcept((byte)0))
                continue;
            var frame = Id3Tag.Frame("PRIV"u8, [.. Id3Tag.XmpOwner, .. written], version);
            if (frame.Length > front.Length)
                return null;
            var restated = new byte[front.Length];
            frame.CopyTo(restated, 0);
            return restated;
        }

        return null;
    }

    /// <summary>The chunk keeps its length and is filled up with spaces.</summary>
    private static byte[]? InChunk(ReadOnlyMemory<byte> front, byte[] written)
    {
        if (!front.Span.StartsWith("_PMX"u8) || BinaryPrimitives.ReadInt32LittleEndian(front.Span[4..]) != front.Length - RiffCarrier.ChunkHead || written.Length > front.Length - RiffCarrier.ChunkHead)
            return null;
        var restated = new byte[front.Length];
        front.Span[..RiffCarrier.ChunkHead].CopyTo(restated);
        written.CopyTo(restated, RiffCarrier.ChunkHead);
        restated.AsSpan(RiffCarrier.ChunkHead + written.Length).Fill((byte)' ');
        return restated;
    }
}
