using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>An opened link that nobody uses: the page says before it closes, stays open when asked to, and says why once it is closed.</summary>
[Trait("Needs", "Browser")]
public sealed class UnusedLinkTests(Browser browser, MeetingFiles meetings)
{
    /// <summary>Half of the minute that the setting gives, and what a slow machine takes.</summary>
    private const int Soon = 45_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_so_before_it_closes_takes_no_focus_and_stays_open_on_a_press()
    {
        await using var server = await ServerProcess.StartAsync([new("Vault__Links__IdleMinutes", "1")], Ct);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        var (url, passcode) = await Story.ShareAsync(helen.Page, await Story.UploadAsync(helen.Page, await meetings.ShortAsync(Ct)), "Claire Dubois");
        await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Desktop, ColorScheme.Light);
        var page = claire.Page;
        var (says, keep) = (page.Locator("#stay [role=status]"), page.Locator("#stay button"));
        await page.Locator("#leave").FocusAsync();
        await Assertions.Expect(says).ToBeEmptyAsync();

        await Assertions.Expect(says).ToContainTextAsync("It closes at", new() { Timeout = Soon });
        await Assertions.Expect(page.Locator("#leave")).ToBeFocusedAsync();
        await claire.ShouldBeAccessibleAsync();
        await PicturesAsync(claire);
        await keep.PressAsync("Enter");
        await Assertions.Expect(says).ToHaveTextAsync("It stays open.");
        await Assertions.Expect(says).ToBeFocusedAsync();
        await Assertions.Expect(keep).ToBeHiddenAsync();

        await Assertions.Expect(says).ToContainTextAsync("It closes at", new() { Timeout = Soon });
        await Assertions.Expect(page.Locator(".player-words")).ToContainTextAsync("Nobody used this page for a while, so it closed at", new() { Timeout = Soon });
        await Assertions.Expect(says).ToBeEmptyAsync();
        await Assertions.Expect(page.Locator("#leave")).ToBeHiddenAsync();
        await claire.PictureAsync("viewer-unused");
        claire.ShouldBeQuiet("/open", "/stay");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#open")).ToBeVisibleAsync();
        // The secret is gone from the address: the page says so at once, and after a press, and never that the link opens nothing.
        await Assertions.Expect(page.Locator("[data-no-secret]")).ToContainTextAsync("it closed because nobody used it for a while");
        await page.ClickAsync("#open");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Open the link in your message.");
        await claire.ShouldBeAccessibleAsync();
        await claire.PictureAsync("gate-no-secret");
        // In the same tab the whole link changes the address's end alone.
        await Story.OpenLinkAsync(page, url, passcode);
    }

    [Fact]
    public async Task It_closes_while_its_recording_still_arrives_says_why_and_the_link_opens_it_again()
    {
        await using var server = await ServerProcess.StartAsync([new("Vault__Links__IdleMinutes", "1")], Ct);
        // Slow enough to arrive for minutes.
        await using var line = new SendingLine(server.Address, 200_000);
        var story = new Story(browser, server);
        await using var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        await helen.Page.GotoAsync(new Uri(line.Address, "/upload").ToString());
        await helen.Page.SetInputFilesAsync("#files", (await MeetingFiles.NoiseAsync(server.TemporaryFolder, "long.mp4", 60_000_000, Ct)).Path);
        var share = helen.Page.Locator("#rows [data-share]");
        await share.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        var (url, passcode) = await Story.ShareAsync(await helen.Page.Context.NewPageAsync(), Guid.Parse((await share.GetAttributeAsync("href"))!.Split('/')[2]), "Claire Dubois");
        await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Phone, ColorScheme.Light);
        var film = claire.Page.Locator("#film");
        await Assertions.Expect(film.Locator(".banner")).ToBeVisibleAsync();

        await Assertions.Expect(film).ToContainTextAsync("before the recording was ready. That goes on without the page.", new() { Timeout = 2 * Soon });
        await Assertions.Expect(film).ToContainTextAsync("Open the link in your message again");
        await claire.ShouldBeAccessibleAsync();
        await claire.PictureAsync("viewer-waited");
        await Story.OpenLinkAsync(claire.Page, url, passcode);
        await Assertions.Expect(film.Locator(".banner")).ToBeVisibleAsync();
    }

    /// <summary>On the desk and on the phone, by day and by night, while it says so.</summary>
    private static async Task PicturesAsync(VisitorPage claire)
    {
        foreach (var (width, height) in ((int, int)[])[(390, 844), (1440, 900)])
        {
            await claire.Page.SetViewportSizeAsync(width, height);
            foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
            {
                await claire.Page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                await claire.PictureAsync($"viewer-closes-{width}-{theme}".ToLowerInvariant());
            }
        }
    }
}
