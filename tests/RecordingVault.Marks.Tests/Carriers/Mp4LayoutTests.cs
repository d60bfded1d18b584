using System.Buffers.Binary;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>MP4, M4A and MOV in every layout that recorders write: laid out anew, marked, and read by programs of others.</summary>
public sealed class Mp4LayoutTests(OutsideReaders readers)
{
    private static readonly string[] Tone = ["-f", "lavfi", "-i", "sine=440:duration=3"];
    private static readonly string[] Picture = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=3"];
    private static readonly string[] Film = [.. Picture, .. Tone, "-c:v", "libx264", "-g", "10", "-c:a", "aac"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Files => new()
    {
        { "end.mp4", Film },
        { "faststart.mp4", [.. Film, "-movflags", "+faststart"] },
        { "fragmented.mp4", [.. Film, "-movflags", "+frag_keyframe+empty_moov+default_base_moof"] },
        { "fragmented-with-bases.mp4", [.. Film, "-movflags", "+frag_keyframe+empty_moov"] },
        { "fragmented-behind-a-movie.mp4", [.. Film, "-movflags", "+frag_keyframe"] },
        { "dash.mp4", [.. Film, "-movflags", "+dash+global_sidx"] },
        { "hybrid.mp4", [.. Film, "-frag_duration", "500000"] },
        { "rotated.mp4", [.. Film, "-metadata:s:v", "rotate=90"] },
        { "irregular.mp4", [.. Film, "-vf", "select='not(eq(mod(n,3),1))'", "-fps_mode", "vfr"] },
        { "hevc.mp4", [.. Picture, "-c:v", "libx265", "-x265-params", "log-level=error", "-tag:v", "hvc1"] },
        { "av1.mp4", [.. Picture, "-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime"] },
        { "mpeg4-mp3.mp4", [.. Picture, .. Tone, "-c:v", "mpeg4", "-c:a", "libmp3lame"] },
        { "sound.m4a", [.. Tone, "-c:a", "aac"] },
        { "alac.m4a", [.. Tone, "-c:a", "alac", "-movflags", "+faststart"] },
        { "cover.m4a", [.. Tone, "-f", "lavfi", "-i", "color=red:size=32x32:duration=0.1", "-map", "0", "-map", "1", "-c:a", "aac", "-c:v", "png", "-frames:v", "1", "-disposition:v", "attached_pic"] },
        { "film.mov", [.. Film, "-metadata", "title=Weekly"] },
        { "pcm.mov", [.. Picture, .. Tone, "-c:v", "mjpeg", "-c:a", "pcm_s16le"] },
        { "chapters-and-words.mp4", [.. Film, "-metadata", "title=Weekly", "-movflags", "+use_metadata_tags", "-metadata", "project=Review"] },
        { "two-sounds.mp4", [.. Film, "-map", "0", "-map", "1", "-map", "1"] },
        { "timecode.mov", [.. Film, "-timecode", "10:00:00:00"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_carries_the_mark_and_shows_what_it_showed(string name, string[] making)
    {
        var path = await readers.MakeAsync(name, Ct, making);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        var layout = await LayoutAsync(source);
        var marked = await WriteAsync(layout, source, UsageTag.NoTdm, name);

        Assert.Equal(layout.Length, new FileInfo(marked).Length);
        var seen = await OutsideReaders.ExifToolAsync(marked, Ct);
        Assert.Equal(UsageTag.NoTdm.PlusToken, seen["XMP-plus:DataMining"]);
        Assert.Equal(await OutsideReaders.FramesAsync(path, Ct), await OutsideReaders.FramesAsync(marked, Ct));
        Assert.Equal(await SoughtAsync(path), await SoughtAsync(marked));
        var found = (await Mp4LayoutReader.PacketsAsync(new MemorySource(await File.ReadAllBytesAsync(marked, Ct)), Ct))!;
        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(XmpPacket.Read(Assert.Single(found))).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_mark_changes_the_front_and_nothing_else()
    {
        var path = await readers.MakeAsync("two.mp4", Ct, Film);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        var layout = await LayoutAsync(source);
        var strict = await layout.With(Mp4Front.Write(new XmpMark(UsageTag.NoTdm), layout.Packet)!).ReadAllAsync(source, Ct);
        var lenient = await layout.With(Mp4Front.Write(new XmpMark(UsageTag.NoAiTraining), layout.Packet)!).ReadAllAsync(source, Ct);
        var fileType = BinaryPrimitives.ReadInt32BigEndian(strict);

        Assert.NotEqual(strict, lenient);
        Assert.Equal(strict.Length, lenient.Length);
        Assert.Equal(strict[..fileType], lenient[..fileType]);
        Assert.Equal(strict[(fileType + Mp4Layout.FrontLength)..], lenient[(fileType + Mp4Layout.FrontLength)..]);
    }

    [Fact]
    public async Task A_packet_that_was_there_is_carried_on_and_marking_what_was_marked_leaves_one_mark()
    {
        var path = await readers.MakeAsync("twice.mp4", Ct, Film);
        await OutsideReaders.SetAsync(path, "-XMP-dc:Subject=Weekly", "-XMP-plus:DataMining=DMI-PROHIBITED-AIMLTRAINING", Ct);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        var once = await LayoutAsync(source);
        var first = new MemorySource(await once.With(Mp4Front.Write(new XmpMark(UsageTag.NoGenaiTraining), once.Packet)!).ReadAllAsync(source, Ct));
        var marked = await WriteAsync(await LayoutAsync(first), first, UsageTag.NoTdm, "twice.mp4");

        var seen = await OutsideReaders.ExifToolAsync(marked, Ct);
        Assert.Equal("Weekly", seen["XMP-dc:Subject"]);
        Assert.Equal(UsageTag.NoTdm.PlusToken, seen["XMP-plus:DataMining"]);
        Assert.Single((await Mp4LayoutReader.PacketsAsync(new MemorySource(await File.ReadAllBytesAsync(marked, Ct)), Ct))!);
        Assert.Equal(await OutsideReaders.FramesAsync(path, Ct), await OutsideReaders.FramesAsync(marked, Ct));
    }

    [Fact]
    public async Task Offsets_that_pass_four_gigabytes_by_the_move_become_wide()
    {
        var path = await readers.MakeAsync("wide.mp4", Ct, Film);
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        // Behind a hole the media lie just below 4 GiB; the front pushes them across.
        var source = Holed.Before(bytes, "mdat", uint.MaxValue - bytes.Length - 1000);
        var holed = await source.WriteAsync(Path.Combine(readers.Folder, "holed.mp4"), Ct);
        var layout = await LayoutAsync(source);
        var splice = layout.With(Mp4Front.Write(new XmpMark(UsageTag.NoTdm), layout.Packet)!);
        var marked = await Holed.WriteAsync(splice, source, Path.Combine(readers.Folder, "wide-marked.mp4"), Ct);

        Assert.Contains("co64", System.Text.Encoding.Latin1.GetString(splice.Pieces[2].Bytes.Span), StringComparison.Ordinal);
        Assert.Equal(await OutsideReaders.FramesAsync(holed, Ct), await OutsideReaders.FramesAsync(marked, Ct));
        Assert.Equal(UsageTag.NoTdm.PlusToken, (await OutsideReaders.ExifToolAsync(marked, Ct))["XMP-plus:DataMining"]);
    }

    private static async Task<Mp4Layout> LayoutAsync(IByteSource source)
    {
        var reading = await Mp4LayoutReader.ReadAsync(source, Ct);
        Assert.Null(reading.Refusal);
        return reading.Layout!;
    }

    /// <summary>A picture and a sound from the middle, found by the index.</summary>
    private static Task<string> SoughtAsync(string path) =>
        Programs.RunAsync("ffmpeg", ["-v", "error", "-nostdin", "-ss", "1.55", "-i", path, "-map", "0:v?", "-map", "0:a?", "-t", "0.5", "-f", "framemd5", "-"], Ct);

    private async Task<string> WriteAsync(Mp4Layout layout, IByteSource source, UsageTag tag, string name)
    {
        var front = Mp4Front.Write(new XmpMark(tag), layout.Packet);
        var path = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + name);
        await File.WriteAllBytesAsync(path, await layout.With(front!).ReadAllAsync(source, Ct), Ct);
        return path;
    }
}
