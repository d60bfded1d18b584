using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.Serving;

/// <summary>A front that was laid out under another address of the vault says the one of now, and moves nothing.</summary>
public sealed class RestatedFrontTests(OutsideReaders readers)
{
    private static readonly Uri s_old = new("https://old.example/t/1/data-use"), s_long = new("https://recordings.a-much-longer-name.of-the-same-vault.example:8443/t/1/data-use"), s_short = new("https://a.eu/t/1/data-use");
    private static readonly string[] Tone = ["-f", "lavfi", "-i", "sine=440:duration=1"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string[]> Files => new()
    {
        { "film.mp4", "video/mp4", ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=1", .. Tone, "-c:v", "libx264", "-c:a", "aac"] },
        { "v23.mp3", "audio/mpeg", [.. Tone, "-id3v2_version", "3", "-metadata", "title=Weekly"] },
        { "v24.mp3", "audio/mpeg", [.. Tone, "-id3v2_version", "4", "-metadata", "title=Weekly"] },
        { "pcm.wav", "audio/wav", [.. Tone, "-c:a", "pcm_s16le"] },
        { "odd.wav", "audio/wav", ["-f", "lavfi", "-i", "sine=440:duration=0.1:sample_rate=8010", "-c:a", "pcm_u8"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_says_the_address_of_now_the_same_tag_and_nothing_else_differs(string name, string mediaType, string[] arguments)
    {
        var path = await readers.MakeAsync(name, Ct, arguments);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        foreach (var now in new[] { s_long, s_short })
        {
            foreach (var tag in UsageTag.All)
            {
                var (layout, front) = await FrontAsync(source, mediaType, s_old, tag);
                var restated = await RestatedFront.OfAsync(layout.Carrier, front, tag, now, Ct);

                // The same as if it had been laid out under that address.
                Assert.Equal((await FrontAsync(source, mediaType, now, tag)).Front, restated.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task An_outside_reader_finds_the_address_of_now_in_the_file_that_leaves(string name, string mediaType, string[] arguments)
    {
        var path = await readers.MakeAsync(name, Ct, arguments);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        var (layout, front) = await FrontAsync(source, mediaType, s_old, UsageTag.NoTdm);
        var restated = await RestatedFront.OfAsync(layout.Carrier, front, UsageTag.NoTdm, s_long, Ct);
        var before = await readers.MakeAsync("before-" + name, Ct, arguments);
        await File.WriteAllBytesAsync(before, await JoinAsync(layout, source, front, mediaType), Ct);
        var file = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + name);
        await File.WriteAllBytesAsync(file, await JoinAsync(layout, source, restated.ToArray(), mediaType), Ct);

        Assert.Equal(s_old.AbsoluteUri, (await OutsideReaders.ExifToolAsync(before, Ct))["XMP-xmpRights:WebStatement"]);
        Assert.Equal(s_long.AbsoluteUri, (await OutsideReaders.ExifToolAsync(file, Ct))["XMP-xmpRights:WebStatement"]);
        Assert.Equal(UsageTag.NoTdm.PlusToken, (await OutsideReaders.ExifToolAsync(file, Ct))["XMP-plus:DataMining"]);
        Assert.Equal(await OutsideReaders.FramesAsync(path, Ct), await OutsideReaders.FramesAsync(file, Ct));
    }

    [Fact]
    public async Task Where_no_address_is_known_and_where_it_says_that_one_it_stays_as_it_is()
    {
        var source = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync("pcm.wav", Ct, [.. Tone, "-c:a", "pcm_s16le"]), Ct));
        var (layout, front) = await FrontAsync(source, "audio/wav", s_old, UsageTag.NoTdm);

        Assert.Equal(front, (await RestatedFront.OfAsync(layout.Carrier, front, UsageTag.NoTdm, null, Ct)).ToArray());
        Assert.Equal(front, (await RestatedFront.OfAsync(layout.Carrier, front, UsageTag.NoTdm, s_old, Ct)).ToArray());
    }

    [Fact]
    public async Task Matroska_says_no_address_and_stays_as_it_is()
    {
        var source = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync("sound.mka", Ct, [.. Tone, "-c:a", "flac"]), Ct));
        var (layout, front) = await FrontAsync(source, "audio/x-matroska", s_old, UsageTag.NoTdm);

        Assert.Equal(front, (await RestatedFront.OfAsync(layout.Carrier, front, UsageTag.NoTdm, s_long, Ct)).ToArray());
    }

    private static async Task<(MarkedLayout Layout, byte[] Front)> FrontAsync(IByteSource source, string mediaType, Uri statement, UsageTag tag)
    {
        var stored = (await LayoutWriter.MakeAsync(source, mediaType, statement, Ct)).Stored!;
        var layout = MarkedLayout.Read(stored.AsMemory(0, MarkedLayout.HeadLength(stored)), stored.Length);
        var laid = layout.FrontOf(tag)!;
        var front = new byte[layout.FrontLength];
        stored.AsSpan((int)laid.Offset, laid.Used).CopyTo(front);
        front.AsSpan(laid.Used).Fill(laid.Filler);
        return (layout, front);
    }

    private static async Task<byte[]> JoinAsync(MarkedLayout layout, MemorySource source, byte[] front, string mediaType)
    {
        var stored = (await LayoutWriter.MakeAsync(source, mediaType, s_old, Ct)).Stored!;
        using var file = new MemoryStream();
        foreach (var piece in layout.Pieces)
        {
            file.Write(piece.Kind switch
            {
                LaidKind.Source => (await source.PartAsync(piece.Offset, (int)piece.Length, Ct))!,
                LaidKind.Stored => stored.AsSpan((int)piece.Offset, (int)piece.Length),
                LaidKind.Own => layout.OwnBytes(piece).Span,
                _ => front,
            });
        }

        return file.ToArray();
    }
}
