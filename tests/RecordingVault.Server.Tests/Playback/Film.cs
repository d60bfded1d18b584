using System.Buffers.Binary;
using System.Text;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>An MP4 that nobody can watch and everybody can lay out: a file type, an index with one track whose only chunk begins its media, and media like nothing in particular.</summary>
internal static class Film
{
    /// <summary>Bytes of one without any media.</summary>
    public const int Shortest = 24 + Index + 8;

    private const int Index = 8 + 8 + 8 + 8 + 8 + 20;

    /// <param name="length">Bytes of it that are made.</param>
    /// <param name="whole">Bytes that it says it has; those that are made where it is zero.</param>
    public static byte[] Make(int length, long whole = 0)
    {
        var film = Bytes(length);
        BinaryPrimitives.WriteUInt32BigEndian(film, 24);
        "ftypisom\0\0\0\0isommp42"u8.CopyTo(film.AsSpan(4));
        var at = 24;
        foreach (var (type, size) in new[] { ("moov", Index), ("trak", Index - 8), ("mdia", Index - 16), ("minf", Index - 24), ("stbl", Index - 32), ("stco", 20) })
        {
            BinaryPrimitives.WriteInt32BigEndian(film.AsSpan(at), size);
            Encoding.ASCII.GetBytes(type, film.AsSpan(at + 4));
            at += 8;
        }

        film.AsSpan(at, 12).Clear();
        film[at + 7] = 1;
        BinaryPrimitives.WriteInt32BigEndian(film.AsSpan(at + 8), Shortest);
        at += 12;
        BinaryPrimitives.WriteUInt32BigEndian(film.AsSpan(at), whole == 0 ? (uint)(length - at) : 0);
        "mdat"u8.CopyTo(film.AsSpan(at + 4));
        return film;
    }

    /// <summary>The same bytes for the same length, none like its neighbour.</summary>
    public static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 31) ^ (i >> 8) ^ (i >> 16));
        return bytes;
    }
}

/// <summary>A file with a mark, put together by the library's carriers one by one, and not as the vault does it.</summary>
internal static class MarkedFile
{
    public static byte[] Of(byte[] content, string mediaType, UsageTag tag)
    {
        var source = new MemorySource(content);
        var mark = new XmpMark(tag);
        var splice = MarkCarriers.Of(mediaType) switch
        {
            MarkCarrier.Mp4 => Now(Mp4LayoutReader.ReadAsync(source, default)).Layout is { } layout ? layout.With(Mp4Front.Write(mark, layout.Packet)!) : null,
            MarkCarrier.Id3 => Now(Id3Carrier.WriteAsync(source, mark, default)),
            MarkCarrier.Riff => Now(RiffCarrier.WriteAsync(source, mark, default)),
            MarkCarrier.Matroska => Now(MatroskaCarrier.WriteAsync(source, tag, default)),
            _ => null,
        };
        return splice is null ? content : Now(splice.ReadAllAsync(source, default));
    }

    /// <summary>A source in memory never makes anybody wait.</summary>
    private static T Now<T>(ValueTask<T> reading) => reading.IsCompletedSuccessfully ? reading.Result : throw new InvalidOperationException("It did not come at once.");
}
