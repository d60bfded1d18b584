using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>P5: a stopped link sends nothing more, and the page that played drops what it holds.</summary>
[Trait("Needs", "Browser")]
public sealed class StopWhileWatchingTests(Browser browser, MeetingFiles meetings)
{
    private const int BytesPerSecond = 400_000;

    /// <summary>What the page's events and questions come to while it is watched after its end.</summary>
    private const int Whispers = 64 * 1024;

    /// <summary>What the promise allows, and how long the line is watched before and after.</summary>
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
        await using var line = new SlowRelay(server.Address, BytesPerSecond);
        await using var claire = await story.OpenLinkAsync(line.Address, url, passcode, Screen.Desktop, ColorScheme.Light);
        await Story.PlayAsync(claire.Page, untilSeconds: 2);
        var running = line.Sent;
        await Task.Delay(Promise, Ct);
        Assert.True(line.Sent - running > BytesPerSecond, "The film must be running, or its end shows nothing.");

        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        using var stopped = await server.Client.PostAsJsonAsync("/api/v1/shares/stop", new { recording }, Ct);
        Assert.Equal(1, (await stopped.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("stopped").GetInt32());
        await Task.Delay(Promise, Ct);
        var sent = line.Sent;
        Assert.False(await claire.Page.EvaluateAsync<bool>("!!document.querySelector('video')?.hasAttribute('src')"));
        await Assertions.Expect(claire.Page.Locator(".player-words")).ToContainTextAsync("stopped");
        await Task.Delay(Promise, Ct);

        Assert.InRange(line.Sent - sent, 0, Whispers);
        await claire.PictureAsync("viewer-stopped");
    }
}
