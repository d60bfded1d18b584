using Microsoft.Playwright;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>What a person does with the vault, step by step, as the pages offer it.</summary>
internal sealed class Story(Browser browser, ServerProcess server)
{
    public const string Owner = "Helen Marsh";
    public const string Mail = "helen@marsh-coaching.example";
    public const string Password = "nine quiet lanterns";
    public const string House = "Marsh Coaching";

    /// <summary>Opens the set-up link as a newcomer does and becomes the first owner; the page stays signed in.</summary>
    public async Task<VisitorPage> SetUpAsync(Screen screen, ColorScheme theme, CancellationToken ct)
    {
        var visitor = await browser.VisitAsync(server.Address, screen, theme);
        var page = visitor.Page;
        await page.GotoAsync((await server.SetupLinkAsync(ct)).ToString());
        await page.FillAsync("#name", Owner);
        await page.FillAsync("#email", Mail);
        await page.FillAsync("#password", Password);
        await page.ClickAsync("[data-next]");
        await page.FillAsync("#tenantName", House);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the vault" }).ClickAsync();
        await page.ArriveAsync(url => !url.Contains('#', StringComparison.Ordinal));
        return visitor;
    }

    /// <summary>Uploads a file on the upload page; returns the recording's id when the page says that it is safe.</summary>
    public static async Task<Guid> UploadAsync(IPage page, string path)
    {
        await page.GotoAsync("/upload");
        await page.SetInputFilesAsync("#files", path);
        await Assertions.Expect(page.Locator("#rows [data-state]").First).ToContainTextAsync("Safe since", new() { Timeout = 300_000 });
        var share = page.Locator("#rows [data-share]").First;
        await share.WaitForAsync(new() { State = WaitForSelectorState.Visible, Timeout = 300_000 });
        var address = await share.GetAttributeAsync("href");
        return Guid.Parse(address!.Split('/', '#', '?').First(part => Guid.TryParse(part, out _)));
    }

    /// <summary>Makes a link on the recording's page; returns its address with the fragment, and the passcode.</summary>
    public static async Task<(string Url, string Passcode)> ShareAsync(IPage page, Guid recordingId, string recipient)
    {
        await page.GotoAsync($"/recordings/{recordingId}");
        await page.ClickAsync("[data-open='share-dialog']");
        await page.FillAsync("#share-dialog #recipientName", recipient);
        await page.ClickAsync("#share-dialog [data-make]");
        var link = page.Locator("#share-dialog #made-link");
        await link.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        return (await link.InputValueAsync(), await page.Locator("#share-dialog #made-passcode").InputValueAsync());
    }

    /// <summary>Opens a link in a browser of its own, as the person does whom it was sent to; the film's page is there when it returns.</summary>
    public Task<VisitorPage> OpenLinkAsync(string url, string passcode, Screen screen, ColorScheme theme) => OpenLinkAsync(server.Address, url, passcode, screen, theme);

    /// <param name="line">Where the server is reached from this visitor's place.</param>
    public async Task<VisitorPage> OpenLinkAsync(Uri line, string url, string passcode, Screen screen, ColorScheme theme)
    {
        var visitor = await browser.VisitAsync(line, screen, theme);
        await OpenLinkAsync(visitor.Page, new UriBuilder(url) { Port = line.Port }.ToString(), passcode);
        return visitor;
    }

    public static async Task OpenLinkAsync(IPage page, string url, string passcode)
    {
        await page.GotoAsync(url);
        await page.ClickAsync("#open");
        await page.FillAsync("#passcode-field", passcode);
        await page.PressAsync("#passcode-field", "Enter");
        await page.WaitForSelectorAsync("#viewer");
    }

    public static Task PlayAsync(IPage page, double untilSeconds) => PlayAsync(page, untilSeconds, "[data-do='play']");

    private static async Task PlayAsync(IPage page, double untilSeconds, string button)
    {
        if (await NeedsPlayAsync(page))
            await page.Locator(button).First.ClickAsync();
        await page.WaitForFunctionAsync("until => document.querySelector('video').currentTime >= until", untilSeconds, new() { Timeout = 60_000 });
    }

    /// <returns>Whether play must be pressed, once it can be: a film that was waited for begins by itself, and a second press would stop it.</returns>
    public static async Task<bool> NeedsPlayAsync(IPage page)
    {
        // Before the page's scripts have run a press is heard by nobody.
        await page.WaitForFunctionAsync("() => document.readyState === 'complete' && document.querySelector('[data-player] video')", null, new() { Timeout = 60_000 });
        return await page.EvaluateAsync<bool>("() => document.querySelector('[data-player] video').paused");
    }
}
