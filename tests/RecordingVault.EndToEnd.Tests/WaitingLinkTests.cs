using System.Net.Http.Headers;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>A link that is sent before the last byte is there, and whoever opens it and waits.</summary>
[Trait("Needs", "Browser")]
public sealed class WaitingLinkTests(Browser browser, MeetingFiles meetings)
{
    private const int Slow = 4_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_that_is_made_while_bytes_arrive_says_how_long_and_starts_by_itself()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var line = new SendingLine(server.Address, Slow / 2);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var film = await LongerAsync(server, 60_000_000);

        await page.GotoAsync(new Uri(line.Address, "/upload").ToString());
        await page.SetInputFilesAsync("#files", film);
        var share = page.Locator("#rows [data-share]");
        await share.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        var recording = Guid.Parse((await share.GetAttributeAsync("href"))!.Split('/')[2]);
        var second = await page.Context.NewPageAsync();
        var (url, passcode) = await Story.ShareAsync(second, recording, "Claire Dubois");

        await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Phone, ColorScheme.Light);
        await Assertions.Expect(claire.Page.Locator("#film")).ToContainTextAsync("Ready in", new() { Timeout = 20_000 });
        await claire.ShouldBeAccessibleAsync();
        await claire.PictureAsync("viewer-waiting");
        var early = await claire.Page.EvaluateAsync<string>(
            "async url => { const answer = await fetch(url); return `${answer.status} ${(await answer.json()).type}`; }", $"{new Uri(url).AbsolutePath}/content");
        Assert.Equal("409 /problems/not-ready", early);
        // An open proof holds nothing up.
        await claire.Page.Locator("#seals summary").First.ClickAsync();

        await claire.Page.WaitForFunctionAsync("() => document.querySelector('video')?.currentTime > 0.5", null, new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_link_that_is_stopped_while_somebody_waits_says_so_without_being_asked()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var line = new SendingLine(server.Address, Slow / 8);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        await page.GotoAsync(new Uri(line.Address, "/upload").ToString());
        await page.SetInputFilesAsync("#files", (await MeetingFiles.NoiseAsync(server.TemporaryFolder, "long.mp4", 60_000_000, Ct)).Path);
        var share = page.Locator("#rows [data-share]");
        await share.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        var (url, passcode) = await Story.ShareAsync(await page.Context.NewPageAsync(), Guid.Parse((await share.GetAttributeAsync("href"))!.Split('/')[2]), "Claire Dubois");
        await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Phone, ColorScheme.Light);
        await Assertions.Expect(claire.Page.Locator("#film .banner")).ToBeVisibleAsync();

        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        using var stopped = await server.Client.DeleteAsync(new Uri($"/api/v1/shares/{new Uri(url).AbsolutePath.Split('/')[^1]}", UriKind.Relative), Ct);

        Assert.True(stopped.IsSuccessStatusCode);
        await Assertions.Expect(claire.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("This link has ended"), new() { Timeout = 20_000 });
        await Assertions.Expect(claire.Page.Locator("#viewer")).ToHaveCountAsync(0);
    }

    /// <summary>A film that plays, with a box at its end that makes it long to send.</summary>
    private async Task<string> LongerAsync(ServerProcess server, int more)
    {
        var path = Path.Combine(server.TemporaryFolder, "all hands.mp4");
        File.Copy(await meetings.ShortAsync(Ct), path);
        await using var end = new FileStream(path, FileMode.Append);
        var box = new byte[more];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(box, more);
        "free"u8.CopyTo(box.AsSpan(4));
        await end.WriteAsync(box, Ct);
        return path;
    }
}
