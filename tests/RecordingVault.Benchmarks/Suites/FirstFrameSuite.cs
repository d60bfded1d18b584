using Microsoft.Playwright;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>
/// What somebody feels who opens a link: from the click on "play" to the first picture, and from a click into the middle of the film to the picture
/// that stands there. Beside it a page with a bare video element over the plain file on nginx.
/// </summary>
internal static class FirstFrameSuite
{
    private const string VaultFront = "vault, index in front", VaultEnd = "vault, index at the end", NginxFront = "nginx, index in front", NginxEnd = "nginx, index at the end";
    private const string First = "click to first frame, ms", Jump = "jump to the middle, ms";
    private const int Factor = 2;

    // Answers with the milliseconds between an act and the next frame that the element shows.
    private const string FirstFrame = """
        () => new Promise(done => {
          const video = document.querySelector('video');
          const began = performance.now();
          video.requestVideoFrameCallback(() => done(performance.now() - began));
          document.querySelector('[data-do=play]').click();
        })
        """;

    private const string JumpFrame = """
        () => new Promise(done => {
          const video = document.querySelector('video');
          const began = performance.now(), to = video.duration / 2;
          const look = (_, frame) => frame.mediaTime >= to - 3 ? done(performance.now() - began) : video.requestVideoFrameCallback(look);
          video.requestVideoFrameCallback(look);
          video.currentTime = to;
        })
        """;

    private const string PlainPage = """
        <!doctype html><title>film</title><video preload="none" width="960" src="FILM"></video><button data-do="play" onclick="document.querySelector('video').play()">Play</button>
        """;

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        var (front, end) = await PlayableFilm.MakeBothAsync(bench.Place("films"), bench.Film.Length * Factor, bench.Stopping);
        await using var vault = await VaultWithFilm.StartAsync(bench.Place("vault"), bench.Stopping);
        var frontLink = await UploadAsync(vault, front, bench.Stopping);
        var endLink = await UploadAsync(vault, end, bench.Stopping);
        var www = Directory.CreateDirectory(Path.Combine(bench.Place("nginx"), "www")).FullName;
        foreach (var (film, name) in new[] { (front, "front"), (end, "end") })
        {
            File.Move(film.Path, Path.Combine(www, name + ".mp4"));
            await File.WriteAllTextAsync(Path.Combine(www, name + ".html"), PlainPage.Replace("FILM", name + ".mp4", StringComparison.Ordinal), bench.Stopping);
        }

        await using var nginx = await Nginx.StartAsync(bench.Place("nginx"), bench.Stopping);
        await using var chromium = await Chromium.StartAsync();
        await bench.SyncAsync();

        (string Name, Func<IPage, Task> Open)[] modes =
        [
            (VaultFront, page => OpenLinkAsync(page, frontLink)),
            (NginxFront, page => page.GotoAsync($"http://127.0.0.1:{nginx.Port}/front.html")),
            (VaultEnd, page => OpenLinkAsync(page, endLink)),
            (NginxEnd, page => page.GotoAsync($"http://127.0.0.1:{nginx.Port}/end.html")),
        ];
        foreach (var mode in modes)
            await MeasureAsync(new Measures(), mode.Name, chromium, mode.Open);
        await bench.InterleaveAsync([.. modes.Select(mode => (mode.Name, (Func<Task>)(() => MeasureAsync(measures, mode.Name, chromium, mode.Open))))]);

        return new Report($"firstframe: {front.Length / Bench.GiB:0.0} GiB in Chromium, by a link", measures)
            .Table([VaultFront, NginxFront, VaultEnd, NginxEnd], (First, "0"), (Jump, "0"))
            .AtMost("click to first frame, index in front / nginx, plain file", measures.Ratio(VaultFront, NginxFront, First), null, null)
            .AtMost("click to first frame, index at the end / nginx, plain file", measures.Ratio(VaultEnd, NginxEnd, First), null, null)
            .AtMost("jump to the middle, index at the end / nginx, plain file", measures.Ratio(VaultEnd, NginxEnd, Jump), null, null);
    }

    /// <summary>Uploads a film, waits until processing has left it alone, and makes a link without a passcode.</summary>
    private static async Task<string> UploadAsync(VaultWithFilm vault, Film film, CancellationToken cancellationToken)
    {
        await Task.Run(() => vault.Upload(film), cancellationToken);
        await vault.ProcessedAsync(cancellationToken);
        await vault.Server.SettleAsync(cancellationToken);
        return await vault.ShareAsync(cancellationToken);
    }

    private static async Task OpenLinkAsync(IPage page, string link)
    {
        await page.GotoAsync(link);
        await page.ClickAsync("#open");
        await page.WaitForSelectorAsync("#viewer [data-do=play]");
    }

    private static async Task MeasureAsync(Measures measures, string mode, Chromium chromium, Func<IPage, Task> open)
    {
        var page = await chromium.VisitAsync();
        try
        {
            await open(page);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            measures.Add(mode, First, await page.EvaluateAsync<double>(FirstFrame));
            measures.Add(mode, Jump, await page.EvaluateAsync<double>(JumpFrame));
        }
        finally
        {
            await page.Context.DisposeAsync();
        }
    }
}
