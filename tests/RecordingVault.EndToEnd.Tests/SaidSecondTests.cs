using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Search lands on the second that it was said; the film fills the screen, and a window of its own is offered where the browser has one.</summary>
[Trait("Needs", "Browser")]
public sealed class SaidSecondTests(Browser browser, MeetingFiles meetings)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Words_that_were_said_lead_to_their_second()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.TalkAsync(Ct));

        // Captions are taken out of the film, and their words made, by jobs.
        var line = page.Locator(".said-lines a");
        await SearchAsync(page);
        while (await line.CountAsync() == 0)
        {
            await Task.Delay(500, Ct);
            await SearchAsync(page);
        }

        await Assertions.Expect(line).ToHaveCountAsync(1);
        await Assertions.Expect(line).ToContainTextAsync("0:31");
        await Assertions.Expect(line).ToContainTextAsync("What would writing it down have changed?");
        await helen.ShouldBeAccessibleAsync();
        await helen.PictureAsync("library-said");
        await line.ClickAsync();

        await page.ArriveAsync($"**/recordings/{recording}#t=31");
        Assert.DoesNotContain("writing", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator(".line[aria-current=true]")).ToContainTextAsync("writing it down");
        await Assertions.Expect(page.Locator("[data-now]")).ToHaveTextAsync("0:31");
        Assert.False(await page.EvaluateAsync<bool>("document.querySelector('video').hasAttribute('src')"));
        await page.Locator(".player-start[data-do=play]").ClickAsync();
        await page.WaitForFunctionAsync("() => { const film = document.querySelector('video'); return film.currentTime > 31 && film.currentTime < 60; }", null, new() { Timeout = 60_000 });

        // On the page itself another second may be named, by a link or by hand.
        await page.EvaluateAsync("location.hash = '#t=65.5'");
        await page.WaitForFunctionAsync("() => document.querySelector('video').currentTime >= 65.4", null, new() { Timeout = 60_000 });
        await WindowsAsync(page);
        helen.ShouldBeQuiet();
    }

    /// <summary>The whole screen by its button and back by its key. A window of its own is offered where the browser has one.</summary>
    private static async Task WindowsAsync(IPage page)
    {
        await page.Locator("[data-do=full]").ClickAsync();
        await page.WaitForFunctionAsync("() => document.fullscreenElement?.matches('[data-player]')");
        await page.Keyboard.PressAsync("f");
        await page.WaitForFunctionAsync("() => document.fullscreenElement === null");
        var picture = page.Locator("[data-do=picture]");
        if (await page.EvaluateAsync<bool>("document.pictureInPictureEnabled"))
            await Assertions.Expect(picture).ToBeVisibleAsync();
        else
            await Assertions.Expect(picture).ToBeHiddenAsync();
    }

    private static async Task SearchAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.Locator("#search-words").FillAsync("WRITING changed");
        await page.Locator("#search-words").PressAsync("Enter");
        await page.ArriveAsync("**/search");
    }
}
