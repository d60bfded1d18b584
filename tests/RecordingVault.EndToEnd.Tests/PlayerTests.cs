using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>The player of a member and of a link: keys, captions, transcript, seek bar.</summary>
[Trait("Needs", "Browser")]
public sealed class PlayerTests(Browser browser, MeetingFiles meetings)
{
    /// <summary>What a page may weigh without its media, as it goes over the line.</summary>
    private const int MostBytes = 300_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_film_is_played_by_keys_and_read_beside_its_picture()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.TalkAsync(Ct));
        await MadeAsync(server, recording);

        await helen.LookAsync($"/recordings/{recording}", "recording-transcript");
        await Assertions.Expect(page.Locator(".transcript .line")).ToHaveCountAsync(4);
        await Assertions.Expect(page.Locator(".waveform")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("canvas.filmstrip")).ToBeVisibleAsync();
        Assert.InRange(await WeightAsync(page), 1, MostBytes);

        await TranscriptLeadsAsync(page);
        await KeysAsync(page);
        await CaptionsAsync(page);
        await SeekBarShowsAsync(page);
        await FloatsAsync(page);
        await GoesOnAsync(page, recording);
        await FloatsNowhereAsync(page);
        helen.ShouldBeQuiet();

        var (url, passcode) = await Story.ShareAsync(page, recording, "Claire Dubois");
        await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Phone, ColorScheme.Dark);
        await Assertions.Expect(claire.Page.Locator(".transcript .line")).ToHaveCountAsync(4);
        await Assertions.Expect(claire.Page.Locator(".player-mark")).ToContainTextAsync("Claire Dubois");
        await claire.ShouldBeAccessibleAsync();
        await claire.PictureAsync("viewer-transcript");
        await PacedAsync(claire.Page);
        await TranscriptLeadsAsync(claire.Page);
        claire.ShouldBeQuiet(refusedPath: "/open");
    }

    [Fact]
    public async Task Pictures_on_the_seek_bar_are_cut_as_their_sheet_lies_however_long_the_film_says_it_is()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.TalkAsync(Ct));
        await MadeAsync(server, recording);
        var told = await page.APIRequest.GetAsync($"/recordings/{recording}");
        var html = await told.TextAsync();
        // Ninety seconds are 45 pictures in five rows; what plays may say that it is a row longer.
        foreach (var seconds in new[] { "90", "101", "118.5" })
        {
            await page.RouteAsync($"**/recordings/{recording}", route => route.FulfillAsync(new() { Response = told, Body = Longer(html, seconds) }));
            await page.GotoAsync($"/recordings/{recording}");
            await Assertions.Expect(page.Locator("canvas.filmstrip")).ToBeVisibleAsync();

            Assert.Equal("1280 90", await page.EvaluateAsync<string>("(strip => `${strip.width} ${strip.height}`)(document.querySelector('canvas.filmstrip'))"));
            await page.UnrouteAllAsync();
        }

        static string Longer(string page, string seconds)
        {
            var changed = System.Text.RegularExpressions.Regex.Replace(page, "data-duration=\"[0-9.]+\"", $"data-duration=\"{seconds}\"");
            Assert.Contains($"data-duration=\"{seconds}\"", changed, StringComparison.Ordinal);
            return changed;
        }
    }

    private static async Task TranscriptLeadsAsync(IPage page)
    {
        await page.Locator(".transcript .line", new() { HasText = "writing it down" }).ClickAsync();
        await page.WaitForFunctionAsync("() => { const film = document.querySelector('video'); return !film.paused && film.currentTime > 31.2 && film.currentTime < 60; }", null, new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator(".line[aria-current=true]")).ToContainTextAsync("writing it down");

        await page.FillAsync("[data-find]", "CAFE");
        await Assertions.Expect(page.Locator("[data-says]")).ToContainTextAsync("1 of 1");
        await Assertions.Expect(page.Locator(".line mark")).ToHaveTextAsync("café");
        await page.FillAsync("[data-find]", "nowhere");
        await Assertions.Expect(page.Locator("[data-says]")).ToHaveTextAsync("Nobody said that.");
        await page.FillAsync("[data-find]", "");
        await Assertions.Expect(page.Locator(".line mark")).ToHaveCountAsync(0);
    }

    private static async Task KeysAsync(IPage page)
    {
        await page.Locator(".player-bar .play").FocusAsync();
        await page.Keyboard.PressAsync("k");
        await page.WaitForFunctionAsync("() => document.querySelector('video').paused");
        await page.Keyboard.PressAsync("3");
        Assert.Equal(27, await AtAsync(page), 1.0);
        await page.Keyboard.PressAsync("l");
        Assert.Equal(37, await AtAsync(page), 1.0);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal(22, await AtAsync(page), 1.0);
        await Assertions.Expect(page.Locator(".now")).ToHaveTextAsync("What the spring taught us");
        await page.Keyboard.PressAsync(">");
        await Assertions.Expect(page.Locator(".speed")).ToHaveTextAsync("1.25×");
        await page.Keyboard.PressAsync("<");
        await page.Keyboard.PressAsync("m");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('video').muted"));
        await page.Keyboard.PressAsync("m");
        // Beside the player single letters do nothing of it.
        await page.Locator("[data-find]").FocusAsync();
        await page.Keyboard.PressAsync("9");
        Assert.Equal(22, await AtAsync(page), 1.0);
        await page.FillAsync("[data-find]", "");
    }

    private static async Task CaptionsAsync(IPage page)
    {
        Assert.Equal("showing", await page.EvaluateAsync<string>("document.querySelector('video').textTracks[0].mode"));
        await page.Locator(".player-bar .play").FocusAsync();
        await page.Keyboard.PressAsync("c");
        Assert.Equal("hidden", await page.EvaluateAsync<string>("document.querySelector('video').textTracks[0].mode"));
        await Assertions.Expect(page.Locator("[data-do=captions]")).ToHaveAttributeAsync("aria-pressed", "false");
        await Assertions.Expect(page.Locator(".transcript .line")).ToHaveCountAsync(4);
        await page.Keyboard.PressAsync("c");
    }

    private static async Task SeekBarShowsAsync(IPage page)
    {
        var bar = (await page.Locator(".seek").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(bar.X + (bar.Width * 0.75f), bar.Y + (bar.Height / 2));
        await Assertions.Expect(page.Locator(".seek-preview")).ToContainTextAsync("Three experiments");
        await Assertions.Expect(page.Locator(".seek-preview canvas")).ToBeVisibleAsync();
        await page.Mouse.ClickAsync(bar.X + (bar.Width * 0.75f), bar.Y + (bar.Height / 2));
        Assert.Equal(67.5, await AtAsync(page), 2.0);
    }

    /// <summary>The button takes the film out of the page and brings it back, as the browser's own events tell.</summary>
    private static async Task FloatsAsync(IPage page)
    {
        var button = page.Locator("[data-do=picture]");
        Assert.True(await page.EvaluateAsync<bool>("document.pictureInPictureEnabled"));
        await page.EvaluateAsync("""
            {
              window.floated = [];
              const film = document.querySelector('video');
              for (const name of ['enterpictureinpicture', 'leavepictureinpicture']) film.addEventListener(name, event => window.floated.push(event.type + (event.isTrusted ? '' : '?')));
            }
            """);

        await button.ClickAsync();
        await page.WaitForFunctionAsync("() => document.pictureInPictureElement === document.querySelector('video')");
        await button.ClickAsync();
        await page.WaitForFunctionAsync("() => document.pictureInPictureElement === null && window.floated.length === 2");

        Assert.Equal(["enterpictureinpicture", "leavepictureinpicture"], await page.EvaluateAsync<string[]>("window.floated"));
    }

    /// <summary>A browser that can't take a film out of its page shows no button for it.</summary>
    private static async Task FloatsNowhereAsync(IPage page)
    {
        await page.AddInitScriptAsync("Object.defineProperty(Document.prototype, 'pictureInPictureEnabled', { get: () => false })");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".player-bar [data-do=full]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-do=picture]")).ToBeHiddenAsync();
    }

    /// <summary>The next time the page is opened it begins where it was left.</summary>
    private static async Task GoesOnAsync(IPage page, Guid recording)
    {
        var told = page.WaitForResponseAsync(answer => answer.Url.EndsWith("/position", StringComparison.Ordinal));
        await page.EvaluateAsync("{ const film = document.querySelector('video'); film.pause(); film.currentTime = 42; film.play().then(() => film.pause()); }");
        Assert.Equal(204, (await told).Status);
        await page.WaitForFunctionAsync("() => document.querySelector('video').paused");

        await page.GotoAsync($"/recordings/{recording}");

        await Assertions.Expect(page.Locator(".player-resume")).ToContainTextAsync("Continues at 0:4");
        await page.Locator(".player-start[data-do=play]").ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 42", null, new() { Timeout = 60_000 });
    }

    /// <summary>A link for watching plays to its end, by jumps and at three times, and never holds a minute more than it plays.</summary>
    private static async Task PacedAsync(IPage page)
    {
        var lengths = new List<long>();
        page.Response += (_, answer) =>
        {
            if (answer.Request.Method == "GET" && answer.Url.Contains("/content", StringComparison.Ordinal) && answer.Headers.TryGetValue("content-length", out var length))
                lengths.Add(long.Parse(length, System.Globalization.CultureInfo.InvariantCulture));
        };
        await page.EvaluateAsync("""
            {
              const film = document.querySelector('video');
              window.furthest = 0;
              setInterval(() => {
                for (let part = 0; part < film.buffered.length; part++) {
                  if (film.buffered.start(part) <= film.currentTime + 0.5) window.furthest = Math.max(window.furthest, film.buffered.end(part) - film.currentTime);
                }
              }, 50);
            }
            """);
        await Story.PlayAsync(page, untilSeconds: 5);
        await page.Locator(".player-bar .play").FocusAsync();
        foreach (var (key, at) in new[] { ("3", 28), ("1", 10), ("7", 64) })
        {
            await page.Keyboard.PressAsync(key);
            await page.WaitForFunctionAsync("at => { const now = document.querySelector('video').currentTime; return now > at && now < at + 15; }", at, new() { Timeout = 60_000 });
        }

        await page.EvaluateAsync("document.querySelector('video').playbackRate = 3");
        await page.WaitForFunctionAsync("() => document.querySelector('video').ended", null, new() { Timeout = 120_000 });

        Assert.InRange(await page.EvaluateAsync<double>("window.furthest"), 1, 60);
        var whole = await page.EvaluateAsync<long>("fetch(document.querySelector('[data-player]').dataset.src, { method: 'HEAD' }).then(answer => Number(answer.headers.get('content-length')))");
        Assert.True(lengths.Count >= 5, "The film comes in pieces.");
        Assert.InRange(lengths.Max(), 1, (whole / 9) + 65_536);
        await Assertions.Expect(page.Locator(".player-start.again")).ToBeVisibleAsync();
        await page.EvaluateAsync("document.querySelector('video').playbackRate = 1");
    }

    private static Task<double> AtAsync(IPage page) => page.EvaluateAsync<double>("document.querySelector('video').currentTime");

    private static Task<int> WeightAsync(IPage page) => page.EvaluateAsync<int>("""
        [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
          .filter(entry => !/\/(poster|thumbnails|waveform|captions|content)/.test(new URL(entry.name).pathname))
          .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
        """);

    /// <summary>Waits until everything beside the film is made.</summary>
    private static async Task MadeAsync(ServerProcess server, Guid recording)
    {
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        while ((await server.Client.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}", Ct)).GetProperty("processing") is not { ValueKind: JsonValueKind.Object } made
            || made.GetProperty("state").GetString() != "done")
            await Task.Delay(100, Ct);
    }
}
