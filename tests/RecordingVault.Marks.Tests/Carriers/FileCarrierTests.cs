using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>Files that ffmpeg made, marked by us and read by programs of others: the mark is there, and what is seen and heard is what it was.</summary>
public sealed class FileCarrierTests(OutsideReaders readers)
{
    private static readonly string[] Tone = ["-f", "lavfi", "-i", "sine=440:duration=2"];
    private static readonly string[] Film = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=2", .. Tone];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Mp3 => new()
    {
        { "plain.mp3", [.. Tone, "-write_id3v2", "0", "-write_xing", "0"] },
        { "v23.mp3", [.. Tone, "-id3v2_version", "3", "-metadata", "title=Weekly", "-metadata", "purpose=review"] },
        { "v24.mp3", [.. Tone, "-id3v2_version", "4", "-metadata", "title=Weekly"] },
        { "cover.mp3", [.. Tone, "-f", "lavfi", "-i", "color=red:size=32x32:duration=0.1", "-map", "0", "-map", "1", "-frames:v", "1", "-c:v", "png", "-id3v2_version", "3"] },
    };

    public static TheoryData<string, string[]> Riff => new()
    {
        { "pcm.wav", [.. Tone, "-c:a", "pcm_s16le"] },
        { "odd.wav", ["-f", "lavfi", "-i", "sine=440:duration=0.1:sample_rate=8010", "-c:a", "pcm_u8"] },
        { "rf64.wav", [.. Tone, "-rf64", "always"] },
        { "titled.wav", [.. Tone, "-metadata", "title=Weekly"] },
        { "film.avi", [.. Film, "-c:v", "mpeg4", "-c:a", "pcm_s16le"] },
    };

    public static TheoryData<string, string[]> Matroska => new()
    {
        { "film.mkv", [.. Film, "-c:v", "libx264", "-c:a", "aac"] },
        { "sound.mka", [.. Tone, "-c:a", "flac"] },
        { "film.webm", [.. Film, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libopus"] },
        { "titled.mkv", [.. Film, "-c:v", "libx264", "-c:a", "libmp3lame", "-metadata", "title=Weekly", "-metadata", "ARTIST=Anna"] },
    };

    public static TheoryData<string, string[]> Pictures => new()
    {
        { "poster.jpg", ["-f", "lavfi", "-i", "testsrc2=size=160x90:duration=0.1", "-frames:v", "1"] },
        { "poster.png", ["-f", "lavfi", "-i", "testsrc2=size=160x90:duration=0.1", "-frames:v", "1"] },
    };

    [Theory]
    [MemberData(nameof(Mp3))]
    public Task An_mp3_carries_the_packet_in_its_tag(string name, string[] making) =>
        CarriesXmpAsync(name, making, (source, mark) => Id3Carrier.WriteAsync(source, mark, Ct), source => Id3Carrier.PacketsAsync(source, Ct));

    [Theory]
    [MemberData(nameof(Riff))]
    public Task A_wav_or_avi_carries_the_packet_in_its_last_chunk(string name, string[] making) =>
        CarriesXmpAsync(name, making, (source, mark) => RiffCarrier.WriteAsync(source, mark, Ct), source => RiffCarrier.PacketsAsync(source, Ct));

    [Theory]
    [MemberData(nameof(Pictures))]
    public Task A_picture_carries_the_packet(string name, string[] making) =>
        CarriesXmpAsync(name, making,
            (source, mark) => name.EndsWith("png", StringComparison.Ordinal) ? PngCarrier.WriteAsync(source, mark, Ct) : JpegCarrier.WriteAsync(source, mark, Ct),
            source => name.EndsWith("png", StringComparison.Ordinal) ? PngCarrier.PacketsAsync(source, Ct) : JpegCarrier.PacketsAsync(source, Ct));

    [Theory]
    [MemberData(nameof(Matroska))]
    public async Task A_matroska_carries_legal_tags(string name, string[] making)
    {
        var path = await readers.MakeAsync(name, Ct, making);
        var plain = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        var frames = await OutsideReaders.FramesAsync(path, Ct);
        var first = await SpliceAsync(plain, await MatroskaCarrier.WriteAsync(plain, UsageTag.NoAiTraining, Ct));
        var second = await SpliceAsync(first, await MatroskaCarrier.WriteAsync(first, UsageTag.NoTdm, Ct));
        var marked = await WriteAsync(name, second);

        var seen = await OutsideReaders.ExifToolAsync(marked, Ct);
        Assert.Equal(PlusDataMining.Value(UsageTag.NoTdm), Assert.Single(seen, tag => tag.Key.EndsWith(":License", StringComparison.Ordinal)).Value);
        Assert.Equal(UsageTag.NoTdm.Statement, Assert.Single(seen, tag => tag.Key.EndsWith(":TermsOfUse", StringComparison.Ordinal)).Value);
        Assert.Equal(frames, await OutsideReaders.FramesAsync(marked, Ct));
        Assert.Equal(UsageRights.Nothing, Assert.Single((await MatroskaCarrier.FindAsync(second, Ct))!).Objections);
        Assert.Empty((await MatroskaCarrier.FindAsync(plain, Ct))!);
    }

    private async Task CarriesXmpAsync(string name, string[] making, Func<IByteSource, XmpMark, ValueTask<Splice?>> write, Func<IByteSource, ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?>> read)
    {
        var path = await readers.MakeAsync(name, Ct, making);
        var plain = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        var before = await OutsideReaders.ExifToolAsync(path, Ct);
        var frames = await OutsideReaders.FramesAsync(path, Ct);

        var first = await SpliceAsync(plain, await write(plain, new XmpMark(UsageTag.NoGenaiTraining)));
        var second = await SpliceAsync(first, await write(first, new XmpMark(UsageTag.NoTdm)));
        var marked = await WriteAsync(name, second);

        var seen = await OutsideReaders.ExifToolAsync(marked, Ct);
        // It knows the vocabulary and leaves its address out.
        Assert.Equal(UsageTag.NoTdm.PlusToken, seen["XMP-plus:DataMining"]);
        Assert.Equal(UsageTag.NoTdm.Statement, seen["XMP-plus:OtherConstraints"]);
        Assert.Equal("True", seen["XMP-xmpRights:Marked"], ignoreCase: true);
        Assert.Equal(before.Where(IsTitle), seen.Where(IsTitle));
        Assert.Equal(frames, await OutsideReaders.FramesAsync(marked, Ct));
        Assert.Empty((await read(plain))!);
        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(XmpPacket.Read(Assert.Single((await read(second))!))).Value, StringComparison.Ordinal);
    }

    private static bool IsTitle(KeyValuePair<string, string> tag) => tag.Key.EndsWith(":Title", StringComparison.Ordinal);

    /// <summary>The spliced file in memory; reading it in odd parts gives the same bytes as reading it at once.</summary>
    private static async Task<MemorySource> SpliceAsync(MemorySource source, Splice? splice)
    {
        Assert.NotNull(splice);
        var whole = await splice.ReadAllAsync(source, Ct);
        var parts = new byte[whole.Length];
        for (var at = 0; at < parts.Length; at += 7919)
            await splice.ReadAsync(source, at, parts.AsMemory(at, Math.Min(7919, parts.Length - at)), Ct);
        Assert.Equal(whole, parts);
        return new MemorySource(whole);
    }

    private async Task<string> WriteAsync(string name, MemorySource source)
    {
        var bytes = new byte[source.Length];
        await source.ReadAsync(0, bytes, Ct);
        var path = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + name);
        await File.WriteAllBytesAsync(path, bytes, Ct);
        return path;
    }
}
