using RecordingVault.Server.Features.Processing.Making;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>What is found in files and made of them, with the real tools in their real sandbox.</summary>
[Trait("Run", "Once")]
public sealed class MediaDeskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain.mp4", "video/mp4", "h264", "aac", "AsIs")]
    [InlineData("faststart.mp4", "video/mp4", "h264", "aac", "AsIs")]
    [InlineData("fragmented.mp4", "video/mp4", "h264", "aac", "AsIs")]
    [InlineData("quicktime.mov", "video/quicktime", "h264", "aac", "AsIs")]
    [InlineData("hevc.mp4", "video/mp4", "hevc", "aac", "Encoded")]
    [InlineData("high.mp4", "video/mp4", "h264", "aac", "Encoded")]
    [InlineData("web.webm", "video/webm", "vp8", "opus", "AsIs")]
    [InlineData("meeting.mkv", "video/x-matroska", "h264", "aac", "Remuxed")]
    [InlineData("vp9.mkv", "video/x-matroska", "vp9", "opus", "Remuxed")]
    [InlineData("camera.ts", "video/mp2t", "mpeg2video", "mp2", "Encoded")]
    [InlineData("old.wmv", "video/x-ms-asf", "wmv2", "wmav2", "Encoded")]
    [InlineData("old.flv", "video/x-flv", "flv1", "mp3", "Encoded")]
    [InlineData("old.avi", "video/x-msvideo", "mpeg4", "mp3", "Encoded")]
    [InlineData("theora.ogv", "video/ogg", "theora", "vorbis", "Encoded")]
    [InlineData("call.mp3", "audio/mpeg", null, "mp3", "AsIs")]
    [InlineData("call.m4a", "audio/mp4", null, "aac", "AsIs")]
    [InlineData("call.wav", "audio/wav", null, "pcm_s16le", "AsIs")]
    [InlineData("call.flac", "audio/flac", null, "flac", "AsIs")]
    [InlineData("call.ogg", "audio/ogg", null, "opus", "Remuxed")]
    [InlineData("call.aac", "audio/aac", null, "aac", "AsIs")]
    public async Task A_file_is_told_by_its_streams_and_what_it_needs_by_one_table(string name, string mediaType, string? video, string sound, string rendering)
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync(name, Ct), Ct);
        var demuxer = Demuxer.For(mediaType)!;
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, demuxer, Ct);

        var facts = await desk.ProbeAsync(Ct);

        Assert.Equal(video, facts.Video?.Codec);
        Assert.Equal(sound, facts.Sound?.Codec);
        Assert.Equal(rendering, RenditionRule.Decide(mediaType, demuxer, facts).ToString());
        if (facts.Video is { } picture)
            Assert.Equal((320, 180), (picture.Width, picture.Height));
        // MPEG-TS and raw AAC are told by their bytes and not by an index.
        if (mediaType is not ("audio/aac" or "video/mp2t"))
            Assert.InRange(facts.Duration!.Value.TotalSeconds, 3.8, 4.3);
    }

    [Fact]
    public async Task When_it_was_recorded_is_read()
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync("plain.mp4", Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("video/mp4")!, Ct);

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero), (await desk.ProbeAsync(Ct)).BeganAt);
    }

    [Fact]
    public async Task A_poster_and_a_sheet_of_thumbnails_are_pictures_of_the_film()
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync("plain.mp4", Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("video/mp4")!, Ct);
        var facts = await desk.ProbeAsync(Ct);

        var poster = await Poster.MakeAsync(desk, facts, Ct);
        var sheet = Thumbnails.Plan(facts)!;
        var thumbnails = await Thumbnails.MakeAsync(desk, sheet, RunLimits.Short, Ct);

        Assert.Equal("320,180", await SizeAsync(poster));
        Assert.Equal((2.0, 2, 1, 160, 90), (sheet.StepSeconds, sheet.Columns, sheet.Rows, sheet.Width, sheet.Height));
        Assert.Equal("320,90", await SizeAsync(thumbnails));
    }

    [Theory]
    [InlineData(90)]
    [InlineData(270)]
    public async Task A_film_that_a_phone_held_upright_is_upright_in_all_that_is_made_of_it(int turn)
    {
        // The pictures lie on their side, and the file says by how much to turn them: a rendition is turned, so that no player needs to know.
        var film = await MediaSamples.MakeAsync($"upright-{turn}.mp4", $"-i \"{await MediaSamples.PathAsync("hevc.mp4", Ct)}\" -c copy -metadata:s:v:0 rotate={turn}");
        await using var sample = await SealedSample.PutAsync(await File.ReadAllBytesAsync(film, Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("video/mp4")!, Ct);

        var facts = await desk.ProbeAsync(Ct);
        var poster = await Poster.MakeAsync(desk, facts, Ct);
        var sheet = Thumbnails.Plan(facts)!;
        var thumbnails = await Thumbnails.MakeAsync(desk, sheet, RunLimits.Short, Ct);
        var rendition = await desk.ReadAsync(RenditionRule.Arguments(Rendering.Encoded, facts), 4 * 1024 * 1024, RunLimits.Short, Ct);

        Assert.True(facts.Video!.Rotation is 90 or 270);
        Assert.Equal("180,320", await SizeAsync(poster));
        Assert.Equal((160, 284), (sheet.Width, sheet.Height));
        Assert.Equal("320,284", await SizeAsync(thumbnails));
        Assert.Equal("180,320", await SizeAsync(rendition));
    }

    [Theory]
    [InlineData("plain.mp4", true)]
    [InlineData("call.wav", true)]
    [InlineData("silent.mp4", false)]
    public async Task The_waveform_tells_sound_from_silence_and_how_long_it_lasts(string name, bool isLoud)
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync(name, Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For(name.EndsWith("wav", StringComparison.Ordinal) ? "audio/wav" : "video/mp4")!, Ct);

        var waveform = await Waveform.MakeAsync(desk, RunLimits.Short, Ct);

        Assert.InRange(waveform.Duration.TotalSeconds, 3.8, 4.3);
        Assert.Equal(isLoud, waveform.Peaks.Skip(5).Take(20).All(peak => peak > 10));
        Assert.Equal(!isLoud, waveform.Peaks.All(peak => peak == 0));
    }

    [Fact]
    public async Task Captions_and_chapters_inside_a_film_are_found()
    {
        var captions = await MediaSamples.TextAsync("words.srt", "1\n00:00:00,500 --> 00:00:02,000\nThe marigold plan\n", Ct);
        var chapters = await MediaSamples.TextAsync("chapters.txt", ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Greeting\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=4000\ntitle=Plan\n", Ct);
        var film = await MediaSamples.MakeAsync("captioned.mp4", $"-i \"{await MediaSamples.PathAsync("plain.mp4", Ct)}\" -i \"{captions}\" -i \"{chapters}\" -map 0 -map 1 -map_metadata 2 -c copy -c:s mov_text -metadata:s:s:0 language=deu");
        await using var sample = await SealedSample.PutAsync(await File.ReadAllBytesAsync(film, Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("video/mp4")!, Ct);

        var facts = await desk.ProbeAsync(Ct);
        var track = Assert.Single(facts.Subtitles);
        var text = System.Text.Encoding.UTF8.GetString(await Subtitles.ExtractAsync(desk, track, RunLimits.Short, Ct));

        Assert.Equal(["Greeting", "Plan"], facts.Chapters.Select(chapter => chapter.Title));
        Assert.Equal("deu", track.Language);
        Assert.StartsWith("WEBVTT", text, StringComparison.Ordinal);
        Assert.Contains("The marigold plan", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hevc.mp4", "video/mp4", "h264,aac", "video/mp4")]
    [InlineData("high.mp4", "video/mp4", "h264,aac", "video/mp4")]
    [InlineData("old.wmv", "video/x-ms-asf", "h264,aac", "video/mp4")]
    [InlineData("meeting.mkv", "video/x-matroska", "h264,aac", "video/mp4")]
    [InlineData("vp9.mkv", "video/x-matroska", "vp9,opus", "video/webm")]
    [InlineData("call.ogg", "audio/ogg", "opus", "audio/webm")]
    public async Task What_no_browser_plays_is_made_playable(string name, string mediaType, string codecs, string asType)
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync(name, Ct), Ct);
        var demuxer = Demuxer.For(mediaType)!;
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, demuxer, Ct);
        var facts = await desk.ProbeAsync(Ct);
        var rendering = RenditionRule.Decide(mediaType, demuxer, facts);

        var made = await desk.ReadAsync(RenditionRule.Arguments(rendering, facts), 16 * 1024 * 1024, RunLimits.Short, Ct);

        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, made, Ct);
        Assert.Equal(codecs, (await MediaSamples.AskAsync(file, "stream=codec_name", Ct)).ReplaceLineEndings(","));
        Assert.Equal(asType, RenditionRule.MediaType(rendering, facts));
        File.Delete(file);
    }

    [Fact]
    public async Task What_adorns_one_film_has_one_time_however_many_runs_it_takes()
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync("call.wav", Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("audio/wav")!, Ct);

        desk.Share(TimeSpan.Zero);
        var over = await Assert.ThrowsAsync<MediaFailedException>(() => Waveform.MakeAsync(desk, RunLimits.Short, Ct));
        desk.Share(null);

        Assert.Equal(MediaFailure.TooMuchWork, over.Failure);
        Assert.NotEmpty((await Waveform.MakeAsync(desk, RunLimits.Short, Ct)).Peaks.ToArray());
    }

    [Theory]
    [InlineData(3_600, 500_000_000, 3_600)]
    [InlineData(604_800, 1_000_000, 2_000)]
    [InlineData(null, 1_000_000, 50)]
    public void How_long_a_file_is_worked_at_follows_from_what_it_says_as_far_as_its_size_bears_that_out(int? toldSeconds, long bytes, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RunLimits.LengthOf(toldSeconds is { } told ? TimeSpan.FromSeconds(told) : null, bytes));

    [Fact]
    public void Of_hundreds_of_captions_some_are_wanted()
    {
        var facts = new MediaFacts { Subtitles = [.. Enumerable.Range(0, 300).Select(index => new SubtitleFacts(index, index % 2 == 0 ? "subrip" : "dvd_subtitle", null))] };

        Assert.Equal(Enumerable.Range(0, Subtitles.Most).Select(index => 2 * index), Subtitles.Wanted(facts).Select(track => track.Index));
    }

    [Fact]
    public async Task Damage_of_the_store_is_told_as_such_and_not_as_the_files()
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync("call.wav", Ct), Ct);
        sample.Damage();
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("audio/wav")!, Ct);

        await Assert.ThrowsAsync<SealedFormatException>(() => Waveform.MakeAsync(desk, RunLimits.Short, Ct));
    }

    [Fact]
    public async Task What_a_store_refuses_to_take_is_told_as_such()
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync("plain.mp4", Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("video/mp4")!, Ct);

        var fault = await Assert.ThrowsAsync<IOException>(() => desk.RunAsync("-c copy -f mpegts", (_, _) => throw new IOException("The store is full."), RunLimits.Short, Ct));

        Assert.Equal("The store is full.", fault.Message);
    }

    [Fact]
    public async Task A_run_ends_with_its_job()
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync("call.wav", Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("audio/wav")!, Ct);
        using var end = new CancellationTokenSource();

        var run = desk.RunAsync("-af arealtime -f s16le", async (stream, token) =>
        {
            await stream.ReadExactlyAsync(new byte[1], token);
            await end.CancelAsync();
            await stream.CopyToAsync(Stream.Null, token);
        }, RunLimits.Short, end.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task What_is_read_slowly_is_read_to_its_end()
    {
        await using var sample = await SealedSample.PutAsync(await MediaSamples.BytesAsync("call.wav", Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("audio/wav")!, Ct);
        using var read = new MemoryStream();

        await desk.RunAsync(
            "-map 0:a:0 -ac 1 -ar 8000 -c:a pcm_s16le -f s16le",
            async (stream, token) =>
            {
                var part = new byte[8_000];
                while (await stream.ReadAsync(part, token) is var count and > 0)
                {
                    // Long after ffmpeg has written all that it had.
                    await Task.Delay(200, token);
                    read.Write(part, 0, count);
                }
            },
            RunLimits.Short, Ct);

        Assert.Equal(4 * 8_000 * sizeof(short), read.Length);
    }

    private static async Task<string> SizeAsync(byte[] picture)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, picture, Ct);
        var size = await MediaSamples.AskAsync(file, "stream=width,height", Ct);
        File.Delete(file);
        return size;
    }
}
