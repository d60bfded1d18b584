using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>A file with the mark of the tag in force in it, which was read back from the whole as it will leave.</summary>
/// <param name="Bytes">Read while it is put together.</param>
internal sealed record MarkedFile(IByteSource Bytes, string Carrier)
{
    /// <summary>Null where the file's kind has no carrier, or nothing can be written into it, or what was written does not read back.</summary>
    public static async Task<MarkedFile?> OfAsync(IByteSource source, string mediaType, UsageTag tag, CancellationToken cancellationToken)
    {
        var mark = new XmpMark(tag);
        var (splice, carrier) = mediaType switch
        {
            "video/mp4" or "video/quicktime" or "video/3gpp" or "audio/mp4" or "audio/3gpp" => (await FrontAsync(source, mark, cancellationToken), "xmp-uuid"),
            "audio/mpeg" => (await Id3Carrier.WriteAsync(source, mark, cancellationToken), "xmp-id3"),
            "audio/wav" or "video/x-msvideo" => (await RiffCarrier.WriteAsync(source, mark, cancellationToken), "xmp-riff"),
            "video/webm" or "audio/webm" or "video/x-matroska" or "audio/x-matroska" => (await MatroskaCarrier.WriteAsync(source, tag, cancellationToken), "matroska-tags"),
            "image/jpeg" => (await JpegCarrier.WriteAsync(source, mark, cancellationToken), "xmp-jpeg"),
            "image/png" => (await PngCarrier.WriteAsync(source, mark, cancellationToken), "xmp-png"),
            _ => (null, ""),
        };
        if (splice is null)
            return null;
        var marked = new SplicedSource(splice, source);
        return Says(await FileMarks.FindAsync(marked, mediaType, cancellationToken), tag) ? new MarkedFile(marked, carrier) : null;
    }

    /// <summary>As a stream from its beginning.</summary>
    public Stream Open() => new SourceStream(Bytes);

    private static async Task<Splice?> FrontAsync(IByteSource source, XmpMark mark, CancellationToken cancellationToken) =>
        (await Mp4LayoutReader.ReadAsync(source, cancellationToken)).Layout is { } layout && Mp4Front.Write(mark, layout.Packet) is { } front ? layout.With(front) : null;

    /// <summary>At least one mark, and none that a reader could take for a looser one than the tag.</summary>
    private static bool Says(IReadOnlyList<FoundMark> found, UsageTag tag) =>
        found.Count > 0 && found.All(mark => mark.Objections.IsAsStrictAs(tag.Rights.AsObjections()));
}

/// <summary>A source that is read once, from its beginning.</summary>
internal sealed class SourceStream(IByteSource source) : Stream
{
    private long position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => source.Length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var part = buffer[..(int)Math.Min(buffer.Length, source.Length - position)];
        if (part.IsEmpty)
            return 0;
        await source.ReadAsync(position, part, cancellationToken);
        position += part.Length;
        return part.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
