using System.Buffers.Binary;
using System.Text;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>Marks where other writers put them, or where somebody hides one: each is found, and none stays beside ours.</summary>
public sealed class HiddenMarkTests(OutsideReaders readers)
{
    private static readonly string[] Tone = ["-f", "lavfi", "-i", "sine=440:duration=0.5"];
    private static readonly byte[] Theirs = XmpPacket.Write(new XmpMark(UsageTag.AllowedUse));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_packet_inside_the_movie_is_found_and_replaced()
    {
        var path = await readers.MakeAsync("inside.mov", Ct, [.. Tone, "-c:a", "aac"]);
        var file = await File.ReadAllBytesAsync(path, Ct);
        // ffmpeg writes the index last: the box grows by what is put into it.
        var at = file.AsSpan().IndexOf("moov"u8) - 4;
        byte[] user = [.. Sized("udta", Sized("XMP_", Theirs))];
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)) + user.Length);
        var source = new MemorySource((byte[])[.. file, .. user]);

        Assert.Single((await Mp4LayoutReader.PacketsAsync(source, Ct))!);
        var layout = (await Mp4LayoutReader.ReadAsync(source, Ct)).Layout!;
        var marked = await layout.With(Mp4Front.Write(new XmpMark(UsageTag.NoTdm), layout.Packet)!).ReadAllAsync(source, Ct);
        Assert.Equal(-1, marked.AsSpan().IndexOf("DMI-ALLOWED"u8));
        Assert.Equal(UsageTag.NoTdm.PlusToken, (await OutsideReaders.ExifToolAsync(await WriteAsync("inside.mov", marked), Ct))["XMP-plus:DataMining"]);
    }

    [Fact]
    public async Task Nothing_of_a_packet_that_was_replaced_can_be_read()
    {
        var mp4 = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync("old.m4a", Ct, [.. Tone, "-c:a", "aac"]), Ct));
        var first = (await Mp4LayoutReader.ReadAsync(mp4, Ct)).Layout!;
        var once = new MemorySource(await first.With(Mp4Front.Write(new XmpMark(UsageTag.AllowedUse), default)!).ReadAllAsync(mp4, Ct));
        var second = (await Mp4LayoutReader.ReadAsync(once, Ct)).Layout!;
        Assert.Equal(-1, (await second.With(Mp4Front.Write(new XmpMark(UsageTag.NoTdm), second.Packet)!).ReadAllAsync(once, Ct)).AsSpan().IndexOf("DMI-ALLOWED"u8));

        var wav = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync("old.wav", Ct, Tone), Ct));
        var marked = new MemorySource(await (await RiffCarrier.WriteAsync(wav, new XmpMark(UsageTag.AllowedUse), Ct))!.ReadAllAsync(wav, Ct));
        Assert.Equal(-1, (await (await RiffCarrier.WriteAsync(marked, new XmpMark(UsageTag.NoTdm), Ct))!.ReadAllAsync(marked, Ct)).AsSpan().IndexOf("DMI-ALLOWED"u8));
    }

    [Fact]
    public async Task Two_packets_in_one_tag_are_both_found_and_nothing_is_written_beside_them()
    {
        var source = Mp3(3, Frame3("PRIV", [.. "XMP\0"u8, .. XmpPacket.Write(new XmpMark(UsageTag.NoTdm))]), Frame3("PRIV", [.. "XMP\0"u8, .. Theirs]));

        Assert.Equal(2, (await Id3Carrier.PacketsAsync(source, Ct))!.Count);
        Assert.Null(await Id3Carrier.WriteAsync(source, new XmpMark(UsageTag.NoTdm), Ct));
    }

    [Fact]
    public async Task A_frame_whose_content_is_packed_is_not_passed_on_unread()
    {
        var packed = Frame3("PRIV", [.. "\0\0\0\0XMP\0"u8, .. Theirs]);
        packed[9] = 1;

        Assert.Null(await Id3Carrier.PacketsAsync(Mp3(4, packed), Ct));
    }

    [Fact]
    public async Task Sizes_of_the_older_kind_in_a_newer_tag_lose_no_frame()
    {
        var cover = Frame3("APIC", [.. Enumerable.Range(0, 9_029).Select(i => (byte)(i % 251 + 1))]);
        var source = Mp3(4, cover, Frame3("TIT2", [.. "\0Weekly"u8]), new byte[50]);
        var splice = (await Id3Carrier.WriteAsync(source, new XmpMark(UsageTag.NoTdm), Ct))!;
        var marked = await splice.ReadAllAsync(source, Ct);

        Assert.True(marked.AsSpan().IndexOf("Weekly"u8) > 0);
        Assert.True(marked.AsSpan().IndexOf(cover.AsSpan(10)) > 0);
        Assert.Single((await Id3Carrier.PacketsAsync(new MemorySource(marked), Ct))!);
        Assert.Equal("Weekly", (await OutsideReaders.ExifToolAsync(await WriteAsync("sizes.mp3", marked), Ct))["ID3v2_4:Title"]);
    }

    [Fact]
    public async Task A_packed_packet_in_a_picture_is_not_passed_on_unread()
    {
        var picture = await File.ReadAllBytesAsync(await readers.MakeAsync("packed.png", Ct, "-f", "lavfi", "-i", "color=red:size=8x8", "-frames:v", "1"), Ct);
        byte[] text = [.. "iTXtXML:com.adobe.xmp\0"u8, 1, 0, 0, 0, 0x78, 0x9C];
        byte[] chunk = [0, 0, 0, (byte)(text.Length - 4), .. text, 0, 0, 0, 0];

        Assert.Null(await PngCarrier.PacketsAsync(new MemorySource((byte[])[.. picture[..33], .. chunk, .. picture[33..]]), Ct));
        Assert.Null(await PngCarrier.PacketsAsync(new MemorySource((byte[])[.. picture[..8], .. chunk, .. picture[8..]]), Ct));
    }

    [Fact]
    public async Task Fillers_before_a_segment_hide_no_packet()
    {
        var picture = await File.ReadAllBytesAsync(await readers.MakeAsync("filled.jpg", Ct, "-f", "lavfi", "-i", "color=red:size=8x8", "-frames:v", "1"), Ct);
        byte[] content = [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Theirs];
        byte[] segment = [0xFF, 0xFF, 0xFF, 0xE1, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];
        var source = new MemorySource((byte[])[.. picture[..2], .. segment, .. picture[2..]]);

        Assert.Single((await JpegCarrier.PacketsAsync(source, Ct))!);
        var marked = await (await JpegCarrier.WriteAsync(source, new XmpMark(UsageTag.NoTdm), Ct))!.ReadAllAsync(source, Ct);
        Assert.Equal(UsageTag.NoTdm.PlusToken, (await OutsideReaders.ExifToolAsync(await WriteAsync("filled.jpg", marked), Ct))["XMP-plus:DataMining"]);
    }

    [Fact]
    public async Task Tags_that_cannot_be_read_prohibit_and_are_not_passed_on()
    {
        var film = await File.ReadAllBytesAsync(await readers.MakeAsync("stray.mka", Ct, [.. Tone, "-c:a", "flac"]), Ct);
        var source = new MemorySource(film);
        var marked = await (await MatroskaCarrier.WriteAsync(source, UsageTag.NoTdm, Ct))!.ReadAllAsync(source, Ct);
        // A child of our own element that says to be longer than it is.
        marked[marked.AsSpan().LastIndexOf("LICENSE"u8) - 1] = 0xFE;

        Assert.Equal("unreadable", (await MatroskaCarrier.FindAsync(new MemorySource(marked), Ct))!.Single(mark => mark.Value != "x").Value);
        Assert.Null(await MatroskaCarrier.WriteAsync(new MemorySource(marked), UsageTag.NoTdm, Ct));
    }

    [Theory]
    [InlineData("WEBVTT\nNOTE Usage: allowed. Yes.\n\n00:00.000 --> 00:01.000\nGood morning")]
    [InlineData("WEBVTT\r\rNOTE Usage: allowed. Yes.\r\r00:00.000 --> 00:01.000\rGood morning")]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:01.000\nGood morning\n\nNOTE Usage: allowed. Yes.")]
    public void A_note_of_ours_anywhere_is_replaced(string captions)
    {
        var written = VttCarrier.Write(captions, UsageTag.NoTdm)!;

        Assert.Equal("no-tdm", Assert.Single(VttCarrier.Read(written)).Value);
        Assert.Contains("Good morning", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Signs_that_are_no_end_of_a_line_make_no_note()
    {
        var written = VttCarrier.Write("WEBVTT\n\n00:00.000 --> 00:01.000\nGood\u2028\u2028NOTE Usage: allowed.\u2029morning", UsageTag.NoTdm)!;

        Assert.Single(VttCarrier.Read(written));
        Assert.Contains("Good\u2028\u2028NOTE Usage: allowed.\u2029morning", written, StringComparison.Ordinal);
        Assert.Null(VttCarrier.Write("WEBVTTfoo\n\n", UsageTag.NoTdm));
    }

    private static MemorySource Mp3(byte version, params byte[][] frames)
    {
        byte[] body = [.. frames.SelectMany(frame => frame)];
        byte[] head = [.. "ID3"u8, version, 0, 0, (byte)(body.Length >> 21), (byte)((body.Length >> 14) & 0x7F), (byte)((body.Length >> 7) & 0x7F), (byte)(body.Length & 0x7F)];
        return new MemorySource((byte[])[.. head, .. body, 0xFF, 0xFB, 0x90, 0x64, .. new byte[413]]);
    }

    /// <summary>A frame with its size as ID3v2.3 has it.</summary>
    private static byte[] Frame3(string name, byte[] content)
    {
        var head = new byte[10];
        Encoding.ASCII.GetBytes(name, head);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), content.Length);
        return [.. head, .. content];
    }

    private static byte[] Sized(string type, byte[] content)
    {
        var head = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, head.Length + content.Length);
        Encoding.ASCII.GetBytes(type, head.AsSpan(4));
        return [.. head, .. content];
    }

    private async Task<string> WriteAsync(string name, byte[] bytes)
    {
        var path = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + name);
        await File.WriteAllBytesAsync(path, bytes, Ct);
        return path;
    }
}
