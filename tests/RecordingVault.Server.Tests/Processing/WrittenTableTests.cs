using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Tests.Architecture;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>The one table of what plays as it is, in docs/processing.md: each of its lines is what the code decides, and none is missing.</summary>
[Trait("Run", "Once")]
public sealed class WrittenTableTests
{
    private static readonly Line[] Lines =
    [
        new("MP4, M4V, MOV, 3GP", "sent as it is (MOV as video/mp4)", Rendering.AsIs, [Film("video/mp4", "h264", "aac"), Film("video/quicktime", "h264", "mp3"), Film("video/3gpp", "h264", null)]),
        new("WebM", "sent as it is", Rendering.AsIs, [Film("video/webm", "vp8", "vorbis"), Film("video/webm", "vp9", "opus"), Film("video/webm", "av1", null), Sound("audio/webm", "opus")]),
        new("Matroska, MPEG-TS and others with these streams", "put into MP4 or WebM, streams unchanged", Rendering.Remuxed, [Film("video/x-matroska", "h264", "aac"), Film("video/x-matroska", "vp9", "opus"), Film("video/mp2t", "h264", "aac"), Film("video/x-flv", "h264", "aac")]),
        new("MP3, AAC, FLAC", "sent as it is", Rendering.AsIs, [Sound("audio/mpeg", "mp3"), Sound("audio/aac", "aac"), Sound("audio/flac", "flac")]),
        new("Ogg with Opus or Vorbis", "put into WebM, unchanged", Rendering.Remuxed, [Sound("audio/ogg", "opus"), Sound("audio/ogg", "vorbis")]),
        new("WAV", "sent as it is up to 30 minutes, then encoded as AAC", Rendering.AsIs, [Sound("audio/wav", "pcm_s16le", 30), Sound("audio/wav", "pcm_u8", 1), Sound("audio/wav", "pcm_s24le", 29)]) { Else = [Sound("audio/wav", "pcm_s16le", 30.1), Sound("audio/wav", "pcm_f32le", 1)] },
        new("all else: HEVC, MPEG-2, WMV, FLV, AVI, H.264 of 10 bits or 4:2:2 …", "encoded: H.264 (at most 1920 by 1080, a key frame every two seconds) and AAC 128 kbit/s in fragmented MP4", Rendering.Encoded,
            [Film("video/mp4", "hevc", "aac"), Film("video/mpeg", "mpeg2video", "mp2"), Film("video/x-ms-asf", "wmv2", "wmav2"), Film("video/x-flv", "flv1", "mp3"), Film("video/x-msvideo", "mpeg4", "mp3"), Film("video/mp4", "h264", "aac", "yuv420p10le"), Film("video/mp4", "h264", "aac", "yuv422p")]),
    ];

    [Fact]
    public void The_page_shows_what_the_code_decides()
    {
        var written = Checkout.Read("docs/processing.md").Split("## What plays as it is")[1].Split("The table in code")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Trim('|').Split('|')).Select(cells => (cells[0].Trim(), cells[^1].Trim()));

        Assert.Equal(Lines.Select(line => (line.File, line.Happens)), written);
        foreach (var line in Lines)
        {
            Assert.All(line.Cases, one => Assert.Equal(line.Rendering, one.Decide()));
            Assert.All(line.Else, one => Assert.Equal(Rendering.Encoded, one.Decide()));
        }
    }

    private static Case Film(string mediaType, string video, string? sound, string pixelFormat = "yuv420p") => new(mediaType, new MediaFacts
    {
        Duration = TimeSpan.FromMinutes(1),
        Video = new VideoFacts(video, pixelFormat, 1280, 720, 0),
        Sound = sound is null ? null : new SoundFacts(sound, 2),
    });

    private static Case Sound(string mediaType, string codec, double minutes = 1) =>
        new(mediaType, new MediaFacts { Duration = TimeSpan.FromMinutes(minutes), Sound = new SoundFacts(codec, 2) });

    private sealed record Line(string File, string Happens, Rendering Rendering, Case[] Cases)
    {
        public Case[] Else { get; init; } = [];
    }

    private sealed record Case(string MediaType, MediaFacts Facts)
    {
        public Rendering Decide() => RenditionRule.Decide(MediaType, Demuxer.For(MediaType)!, Facts);
    }
}
