using System.Buffers.Binary;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Carriers;

/// <summary>
/// WAV and AVI: the packet in a <c>_PMX</c> chunk of fixed size at the end, RIFF and RF64. An older packet's chunk is renamed to <c>JUNK</c>; no chunk moves.
/// </summary>
public static class RiffCarrier
{
    /// <summary>Bytes by which the file grows, beside one where its last chunk was odd.</summary>
    public const int Room = 65_536;

    internal const int ChunkHead = 8;

    private const int FormHead = 12, MostChunks = 100_000;

    private sealed record Found(long At, int Length);

    private sealed record Form(bool IsLong, long End, long? SizeField, Found? Packet, Found? Manifest);

    /// <summary>
    /// The file with the mark; null where the form is broken, unfinished, of several parts, would pass 4 GiB, has several packets, or the packet has no room. A C2PA manifest that the
    /// file had becomes nothing: it was bound to other bytes.
    /// </summary>
    public static async ValueTask<Splice?> WriteAsync(IByteSource source, XmpMark mark, CancellationToken cancellationToken)
    {
        if (await ReadFormAsync(source, cancellationToken) is not { } form)
            return null;
        var filler = (int)(form.End & 1);
        var growth = filler + Room;
        if (Chunks(XmpPacket.Write(mark, await ContentAsync(source, form.Packet, cancellationToken)), default) is not { } own || (!form.IsLong && form.End + growth - ChunkHead > uint.MaxValue - 1))
            return null;
        byte[] chunks = [.. new byte[filler], .. own];

        var size = new byte[form.IsLong ? 8 : 4];
        if (form.IsLong)
            BinaryPrimitives.WriteInt64LittleEndian(size, form.End + growth - ChunkHead);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)(form.End + growth - ChunkHead));
        var pieces = new List<Piece> { Piece.Stretch(0, form.SizeField!.Value), Piece.Own(size) };
        var at = form.SizeField.Value + size.Length;
        foreach (var old in new[] { form.Packet, form.Manifest }.OfType<Found>().OrderBy(old => old.At))
        {
            var junk = Chunk("JUNK"u8, [], old.Length);
            junk.AsSpan(ChunkHead).Clear();
            pieces.AddRange([Piece.Stretch(at, old.At - at), Piece.Own(junk)]);
            at = old.At + junk.Length;
        }

        return new Splice([.. pieces, Piece.Stretch(at, form.End - at), Piece.Own(chunks)]);
    }

    /// <summary>The chunks of the room at the end, all of it: the packet's, and last one of a C2PA manifest of an even length, where there is one. Null where they have no room.</summary>
    internal static byte[]? Chunks(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> manifest)
    {
        byte[] last = manifest.IsEmpty ? [] : Chunk("C2PA"u8, manifest, manifest.Length);
        return packet.Length > Room - last.Length - ChunkHead ? null : [.. Chunk("_PMX"u8, packet, Room - last.Length - ChunkHead), .. last];
    }

    /// <summary>The packets that stand in a file, one at most. Null where the form is not one that we read.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> PacketsAsync(IByteSource source, CancellationToken cancellationToken) =>
        await ReadFormAsync(source, cancellationToken) is not { } form ? null : form.Packet is null ? [] : [await ContentAsync(source, form.Packet, cancellationToken)];

    /// <summary>The C2PA manifest stores that stand in a file, one at most. Null where the form is not one that we read.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> ManifestsAsync(IByteSource source, CancellationToken cancellationToken) =>
        await ReadFormAsync(source, cancellationToken) is not { } form ? null : form.Manifest is null ? [] : [await ContentAsync(source, form.Manifest, cancellationToken)];

    private static async ValueTask<ReadOnlyMemory<byte>> ContentAsync(IByteSource source, Found? found, CancellationToken cancellationToken) =>
        found is null ? default(ReadOnlyMemory<byte>) : await source.PartAsync(found.At + ChunkHead, found.Length, cancellationToken);

    /// <summary>A chunk of a fixed length, filled up with spaces.</summary>
    private static byte[] Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content, int length)
    {
        var chunk = new byte[ChunkHead + length];
        name.CopyTo(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), length);
        content.CopyTo(chunk.AsSpan(ChunkHead));
        chunk.AsSpan(ChunkHead + content.Length).Fill((byte)' ');
        return chunk;
    }

    private static async ValueTask<Form?> ReadFormAsync(IByteSource source, CancellationToken cancellationToken)
    {
        if (await source.PartAsync(0, FormHead, cancellationToken) is not { } head || !(head.AsSpan(8).SequenceEqual("WAVE"u8) || head.AsSpan(8).SequenceEqual("AVI "u8)))
            return null;
        var isLong = head.AsSpan().StartsWith("RF64"u8);
        if (!isLong && !head.AsSpan().StartsWith("RIFF"u8))
            return null;
        var form = new Form(isLong, ChunkHead + (long)BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)), isLong ? null : 4, null, null);
        var dataLength = 0L;
        var at = (long)FormHead;
        for (var count = 0; count < MostChunks && at <= source.Length - ChunkHead; count++)
        {
            var chunk = (await source.PartAsync(at, ChunkHead, cancellationToken))!;
            var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            if (isLong && count == 0)
            {
                // The first chunk of an RF64 has the sizes that 32 bits can't hold: of the form, then of its data.
                if (!chunk.AsSpan().StartsWith("ds64"u8) || length < 28 || await source.PartAsync(at + ChunkHead, 16, cancellationToken) is not { } sizes)
                    return null;
                form = form with { End = BinaryPrimitives.ReadInt64LittleEndian(sizes) is var size && size is >= 0 and < long.MaxValue - ChunkHead ? ChunkHead + size : -1, SizeField = at + ChunkHead };
                dataLength = BinaryPrimitives.ReadInt64LittleEndian(sizes.AsSpan(8));
            }
            else if (isLong && length == uint.MaxValue && chunk.AsSpan().StartsWith("data"u8))
            {
                length = dataLength;
            }
            else if (chunk.AsSpan().StartsWith("_PMX"u8) || chunk.AsSpan().StartsWith("C2PA"u8))
            {
                var isPacket = chunk[0] == (byte)'_';
                // Of two marks one would be left that says something else.
                if (length > XmpPacket.MaxLength || (isPacket ? form.Packet : form.Manifest) is not null)
                    return null;
                var found = new Found(at, (int)length);
                form = isPacket ? form with { Packet = found } : form with { Manifest = found };
            }

            if (length < 0 || length > source.Length - at - ChunkHead)
                return null;
            at += ChunkHead + length;
            // A chunk begins at an even place; some writers leave out the last one's filler.
            if (at == form.End && at == source.Length)
                return form;
            at += at & 1;
        }

        return form.End == source.Length && at == source.Length ? form : null;
    }
}
