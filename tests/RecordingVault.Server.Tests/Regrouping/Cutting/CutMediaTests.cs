using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Tests.Processing;
using RecordingVault.Vault.Format;
using static RecordingVault.Server.Tests.Regrouping.Cutting.CuttingVault;

namespace RecordingVault.Server.Tests.Regrouping.Cutting;

/// <summary>What is seen and heard in a copy, with the real tools in their real sandbox.</summary>
public sealed partial class CutMediaTests(CuttingVault vault) : IClassFixture<CuttingVault>
{
    /// <summary>Seconds: an encoder fills its last packet.</summary>
    private const double AacPacket = 1_024 / 48_000d;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_muted_span_is_silent_what_is_around_it_as_loud_as_before_and_no_picture_is_encoded()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });

        await RunAsync(tenant, cut);

        var (before, after) = (await vault.FilmAsync(tenant, recording.Id), await vault.FilmAsync(tenant, copy));
        Assert.Equal(await PicturesAsync(before), await PicturesAsync(after));
        // What lies beside the picture in its stream, where captions may be, is gone: of this sample it is what its encoder says of itself.
        Assert.Equal((true, false), (await HasWordsAsync(before), await HasWordsAsync(after)));
        Assert.InRange(await LoudnessAsync(after, 1.03, 1.97), -200, -80);
        foreach (var (from, to) in new[] { (0.1, 0.95), (2.05, 3.9) })
            Assert.InRange(await LoudnessAsync(after, from, to) - await LoudnessAsync(before, from, to), -0.5, 0.5);
        Assert.InRange(await LengthAsync(after), 3.9, 4.15);
        Assert.Equal(recording.Content, await vault.ViewOf(tenant).ContentAsync(recording.Id));
    }

    [Fact]
    public async Task What_is_taken_out_is_gone_from_picture_and_sound_alike_and_both_end_together()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "cut"), Span(2.5, 2.8, "mute"), Span(3, 3.5, "cut"));
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { title = "Kick-off, without Ben" });

        await RunAsync(tenant, cut);

        var film = await vault.FilmAsync(tenant, copy);
        // Ten pictures a second: 15 of 40 were taken out.
        Assert.Equal("25", await MediaSamples.AskAsync(film, "stream=nb_read_frames -count_frames -select_streams v", Ct));
        Assert.InRange(await HeardAsync(film) - (await HeardAsync(await vault.FilmAsync(tenant, recording.Id)) - 1.5), 0, AacPacket);
        Assert.Equal("0.000000", await MediaSamples.AskAsync(film, "stream=start_time -select_streams v", Ct));
        // What was muted from 2.5 to 2.8 is heard as nothing a second earlier.
        Assert.InRange(await LoudnessAsync(film, 1.53, 1.77), -200, -80);
        Assert.InRange(await LoudnessAsync(film, 0.1, 1.4) - await LoudnessAsync(await vault.FilmAsync(tenant, recording.Id), 0.1, 1.4), -0.5, 0.5);
        Assert.Equal(recording.Content, await vault.ViewOf(tenant).ContentAsync(recording.Id));
    }

    [Fact]
    public async Task Sound_alone_is_cut_by_two_hundred_spans_to_the_millisecond()
    {
        var (tenant, recording, _) = await vault.PutAsync("call.wav", "audio/wav");
        await MarkAsync(tenant, recording.Id, [.. Enumerable.Range(0, 200).Select(place => Span(place * 0.02, (place * 0.02) + 0.005, "cut"))]);
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });

        await RunAsync(tenant, cut);

        Assert.InRange(await HeardAsync(await vault.FilmAsync(tenant, copy)) - (await HeardAsync(await vault.FilmAsync(tenant, recording.Id)) - 1), 0, AacPacket);
        Assert.Equal("audio/mp4", (await vault.ViewOf(tenant).ManifestAsync(copy)).Assets.Single().MediaType);
    }

    [Fact]
    public async Task The_copy_is_processed_like_any_recording_and_has_a_picture_of_its_own()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(0, 2, "cut"));
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });
        await RunAsync(tenant, cut);

        await RunAsync<ProcessJob>(tenant, copy);

        var roles = (await vault.ViewOf(tenant).ManifestAsync(copy)).Assets.Select(asset => asset.Role).ToList();
        Assert.Contains(ObjectRole.Poster, roles);
        Assert.Contains(ObjectRole.Waveform, roles);
        Assert.Contains(ObjectRole.Layout, roles);
        // It plays as it is: nothing is encoded twice.
        Assert.DoesNotContain(ObjectRole.Rendition, roles);
        Assert.InRange((await ReadAsync(tenant, $"/api/v1/recordings/{copy}")).GetProperty("durationSeconds").GetDouble(), 1.9, 2.15);
    }

    private static async Task<bool> HasWordsAsync(string path) => (await File.ReadAllBytesAsync(path, Ct)).AsSpan().IndexOf("x264 - core"u8) >= 0;

    private static async Task<double> LengthAsync(string path) => double.Parse(await MediaSamples.AskAsync(path, "format=duration", Ct), CultureInfo.InvariantCulture);

    /// <summary>Seconds of sound from the beginning on, when it is decoded. What an encoder has before it, players leave out and this ffmpeg gives out.</summary>
    private static async Task<double> HeardAsync(string path)
    {
        var words = await SayAsync($"-i \"{path}\" -map 0:a -ac 1 -af aresample=48000:ochl=mono,volumedetect -f null -");
        var before = double.TryParse(await MediaSamples.AskAsync(path, "stream=start_time -select_streams a", Ct), CultureInfo.InvariantCulture, out var start) ? Math.Min(start, 0) : 0;
        return (long.Parse(Samples().Match(words).Groups["n"].Value, CultureInfo.InvariantCulture) / 48_000d) + before;
    }

    /// <summary>Mean loudness of a part, in dB of the full scale.</summary>
    private static async Task<double> LoudnessAsync(string path, double from, double to)
    {
        var words = await SayAsync(string.Create(CultureInfo.InvariantCulture, $"-i \"{path}\" -map 0:a -ac 1 -af atrim={from}:{to},volumedetect -f null -"));
        return double.Parse(Mean().Match(words).Groups["n"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Every packet of the picture, by its digest.</summary>
    private static async Task<string> PicturesAsync(string path) => string.Join(
        '\n', (await SayAsync($"-i \"{path}\" -map 0:v -f framemd5 -", isOut: true)).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim()));

    private static async Task<string> SayAsync(string arguments, bool isOut = false)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", $"-nostdin -hide_banner {arguments}") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (said, made) = (process.StandardError.ReadToEndAsync(Ct), process.StandardOutput.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return isOut ? await made : await said;
    }

    [GeneratedRegex(@"n_samples: (?<n>[0-9]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Samples();

    [GeneratedRegex(@"mean_volume: (?<n>-?[0-9.]+) dB", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Mean();
}
