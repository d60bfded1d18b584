using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>A film that this browser can't play stands behind another one that is encoded: whoever wants it is told, and it starts by itself.</summary>
[Trait("Needs", "Browser")]
public sealed partial class WaitingFilmTests(Browser browser, MeetingFiles meetings)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_film_in_the_queue_is_waited_for_by_member_and_guest_and_starts_by_itself()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        var before = await Story.UploadAsync(page, await meetings.LongHevcAsync(Ct));
        // Its small parts are made, and it is next: whichever has them first is encoded first.
        await UntilAsync(server, before, processing => processing.GetProperty("percent").GetInt32() >= 20);
        var film = await Story.UploadAsync(page, await meetings.HevcAsync(Ct));
        await UntilAsync(server, film, processing => processing.GetProperty("percent").GetInt32() >= 20);
        var (url, passcode) = await Story.ShareAsync(page, film, "Claire Dubois");
        await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Phone, ColorScheme.Light);
        await claire.Page.Locator("[data-do='play']").First.ClickAsync();
        await Assertions.Expect(claire.Page.Locator("[data-words]")).ToContainTextAsync("starts by itself then");
        await page.GotoAsync($"/recordings/{film}");
        await Assertions.Expect(page.Locator("#making [data-ready]")).ToContainTextAsync("Waiting to be made ready for every browser.");
        await helen.ShouldBeAccessibleAsync();
        await helen.PictureAsync("recording-queued");
        Assert.Equal("waiting", (await ProcessingAsync(server, film))!.Value.GetProperty("state").GetString());
        await claire.ShouldBeAccessibleAsync();
        await claire.PictureAsync("viewer-queued");

        // The one before it is far enough to say how long it takes.
        await page.GotoAsync($"/recordings/{before}");
        await Assertions.Expect(page.Locator("#making [data-ready]")).ToContainTextAsync(ReadyIn(), new() { Timeout = 240_000 });
        await helen.PictureAsync("recording-estimate");

        await claire.Page.WaitForFunctionAsync("() => document.querySelector('video')?.currentTime > 0.5", null, new() { Timeout = 420_000 });
        Assert.Equal("done", (await ProcessingAsync(server, film))!.Value.GetProperty("state").GetString());
        helen.ShouldBeQuiet();
    }

    [GeneratedRegex(@"Ready in about (a minute|\d+ minutes)\.")]
    private static partial Regex ReadyIn();

    private static async Task UntilAsync(ServerProcess server, Guid recording, Func<JsonElement, bool> isSo)
    {
        for (var tries = 0; tries < 3_000; tries++)
        {
            if (await ProcessingAsync(server, recording) is { } processing && isSo(processing))
                return;
            await Task.Delay(100, Ct);
        }

        Assert.Fail($"The film {recording} did not come so far in five minutes.");
    }

    private static async Task<JsonElement?> ProcessingAsync(ServerProcess server, Guid recording) =>
        (await server.Client.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}", Ct)).GetProperty("processing") is { ValueKind: JsonValueKind.Object } processing ? processing : null;
}
