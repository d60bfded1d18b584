using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Takes the pictures of docs/screens from the pages of the demo. `infra/screens.sh` runs it, and nothing else does: a picture proves nothing.</summary>
[Trait("Needs", "Browser")]
public sealed class DemoPictures(Browser browser)
{
    /// <summary>Films of an hour are looked through for their posters and waveforms.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    private static readonly string s_folder = Path.Combine(Checkout.Folder, "artifacts", "screens", "docs");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Each_page_is_pictured_on_the_desk_and_on_the_phone_by_day_and_by_night()
    {
        await using var demo = await DemoServer.StartAsync(Ct);
        await using var first = await browser.VisitAsync(demo.Address, Screen.Desktop, ColorScheme.Light);
        await demo.SignInAsync(first.Page);
        var link = await demo.GuestLinkAsync(s_limit, Ct);
        await UntilMadeAsync(first.Page);
        var review = await first.Page.GetByRole(AriaRole.Link, new() { Name = "Quarterly review with Anna" }).First.GetAttributeAsync("href");
        foreach (var (screen, theme) in Browser.Screens)
        {
            await MembersAsync(demo, review!, screen, theme);
            await GuestsAsync(demo, link, screen, theme);
        }

        first.ShouldBeQuiet();
    }

    private async Task MembersAsync(DemoServer demo, string review, Screen screen, ColorScheme theme)
    {
        await using var helen = await VisitAsync(demo, screen, theme);
        var page = helen.Page;
        await demo.SignInAsync(page);
        await page.GotoAsync("/");
        await TakeAsync(page, "library", screen, theme);
        var tile = page.Locator(".tile").Filter(new() { HasText = "Coaching session 6" });
        await tile.Locator(".tile-menu summary").ClickAsync(new() { Force = true });
        await TakeAsync(page, "menu", screen, theme);
        await page.GotoAsync(review);
        await TakeAsync(page, "recording", screen, theme);
        await page.Locator("[data-open='share-dialog']").First.ClickAsync();
        await page.Locator("#share-dialog #recipientName").FillAsync("Claire Dubois");
        await Assertions.Expect(page.Locator("#share-dialog [data-sentence]")).ToContainTextAsync("Claire Dubois");
        await TakeAsync(page, "share", screen, theme);
        await page.GotoAsync("/links");
        await TakeAsync(page, "links", screen, theme);
        helen.ShouldBeQuiet();
    }

    private async Task GuestsAsync(DemoServer demo, string link, Screen screen, ColorScheme theme)
    {
        await using var claire = await VisitAsync(demo, screen, theme);
        await claire.Page.GotoAsync(link);
        await claire.Page.ClickAsync("#open");
        await claire.Page.WaitForSelectorAsync("#viewer");
        await TakeAsync(claire.Page, "viewer", screen, theme);
        claire.ShouldBeQuiet();
    }

    private async Task<VisitorPage> VisitAsync(DemoServer demo, Screen screen, ColorScheme theme)
    {
        var visitor = await browser.VisitAsync(demo.Address, screen, theme);
        // Higher than a screen: the page goes on below its first fold.
        await visitor.Page.SetViewportSizeAsync(screen == Screen.Phone ? 390 : 1440, screen == Screen.Phone ? 844 : 1120);
        return visitor;
    }

    private static async Task TakeAsync(IPage page, string name, Screen screen, ColorScheme theme)
    {
        await page.EvaluateAsync("() => document.fonts.ready");
        // What is out of sight loads when somebody comes near.
        await page.WaitForFunctionAsync("() => [...document.images].every(image => image.complete || image.getBoundingClientRect().top > innerHeight)");
        // A film's still, its strip and its waveform come by the player's own script.
        await Task.Delay(1_500, Ct);
        await page.ScreenshotAsync(new() { Path = Path.Combine(s_folder, $"{name}-{(screen == Screen.Phone ? "390" : "1440")}-{theme}.png".ToLowerInvariant()) });
    }

    /// <summary>Each film has its picture, and of the one that is shown the strip of its seek bar.</summary>
    private static async Task UntilMadeAsync(IPage page)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(s_limit);
        do
        {
            await Task.Delay(2_000, limit.Token);
            await page.GotoAsync("/");
        }
        while (await page.Locator(".tile:not(.uploading):not(.audio):not(:has(img))").CountAsync() > 0);
    }
}
