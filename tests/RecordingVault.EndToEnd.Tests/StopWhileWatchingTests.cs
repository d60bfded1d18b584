using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>P5: a stopped link sends nothing more, and the page that played drops what it holds.</summary>
public sealed class StopWhileWatchingTests(Browser browser, MeetingFiles meetings)
{
    private const int BytesPerSecond = 400_000;

    /// <summary>What the promise allows, and how long after it the counts are compared.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stopping_a_link_ends_the_running_film_and_takes_it_off_the_page()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var recording = await Story.UploadAsync(helen.Page, await meetings.LongAsync(Ct));
        var (url, passcode) = await Story.ShareAsync(helen.Page, recording, "Claire Dubois");
        await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Desktop, ColorScheme.Light);
        await claire.SlowDownAsync(BytesPerSecond);
        await Story.PlayAsync(claire.Page, untilSeconds: 2);

        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        using var stopped = await server.Client.PostAsJsonAsync("/api/v1/shares/stop", new { recording }, Ct);
        Assert.Equal(1, (await stopped.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("stopped").GetInt32());
        await Task.Delay(Promise, Ct);
        var received = await ReceivedAsync(claire.Page);
        await Task.Delay(Promise, Ct);

        Assert.Equal(received, await ReceivedAsync(claire.Page));
        Assert.False(await claire.Page.EvaluateAsync<bool>("!!document.querySelector('video')?.currentSrc && document.querySelector('video').hasAttribute('src')"));
        await Assertions.Expect(claire.Page.Locator("body")).ToContainTextAsync("stopped");
        await claire.PictureAsync("viewer-stopped");
    }

    /// <summary>The end of what the player holds: it grows while bytes arrive, and is zero when the source was taken away.</summary>
    private static Task<double> ReceivedAsync(IPage page) =>
        page.EvaluateAsync<double>("(() => { const v = document.querySelector('video'); return v && v.buffered.length ? v.buffered.end(v.buffered.length - 1) : 0; })()");
}
