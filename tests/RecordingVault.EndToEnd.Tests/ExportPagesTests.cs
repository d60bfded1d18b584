using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Packages by the pages: asked for, followed, fetched and checked by `vault verify`; refused with reasons; everything at once.</summary>
[Trait("Needs", "Browser")]
public sealed class ExportPagesTests(MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_package_asked_for_on_a_recordings_page_by_keyboard_is_whole_by_the_vaults_own_keys()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await page.GotoAsync($"/recordings/{recording}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Export a package…" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync($"**/recordings/{recording}/export");
        await helen.LookAsync($"/recordings/{recording}/export", "export-ask");

        await page.FocusAsync("#recipient");
        await page.Keyboard.TypeAsync("Claire Dubois");
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync(address => System.Text.RegularExpressions.Regex.IsMatch(address, "/exports/[0-9a-f-]{36}$"));
        var export = new Uri(page.Url).AbsolutePath;
        var fetch = page.GetByRole(AriaRole.Link, new() { Name = "Fetch the package" });
        await fetch.WaitForAsync(new() { Timeout = 120_000 });
        await helen.LookAsync(export, "export-ready");
        var download = await page.RunAndWaitForDownloadAsync(() => fetch.ClickAsync());

        using var machine = new CommandLine();
        machine.Write("package.zip", await File.ReadAllBytesAsync(await download.PathAsync(), Ct));
        machine.Write("keys.json", await vault.Server.Client.GetByteArrayAsync(new Uri("/.well-known/recording-vault-keys.json", UriKind.Relative), Ct));
        var verify = await machine.RunAsync(Ct, "verify", "package.zip", "--keys", "keys.json");
        Assert.True(verify.Code == 0, verify.Error);

        await page.GotoAsync("/exports");
        var row = page.Locator("#exports tr", new() { HasText = "Claire Dubois" }).First;
        await Assertions.Expect(row).ToContainTextAsync("Fetched once");
        await helen.LookAsync("/exports", "exports");
        await page.GotoAsync("/exports");
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new("^End the package") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "End it now" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It is ended");
        await Assertions.Expect(page.Locator("#exports tr", new() { HasText = "Over since" }).First).ToBeVisibleAsync();
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task What_is_refused_says_why_and_leads_to_what_may_be_done()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var recording = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        foreach (var (width, height, size) in new[] { (1440, 900, "1440"), (390, 844, "390") })
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                await AskForTrainingAsync(page, recording);
                await helen.ShouldBeAccessibleAsync();
                await helen.PictureAsync($"export-refused-{size}-{theme}".ToLowerInvariant());
            }
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "Change the tag" }).ClickAsync();
        await page.ArriveAsync($"**/recordings/{recording}/use#tag");
        await AskForTrainingAsync(page, recording);
        await page.GetByRole(AriaRole.Button, new() { Name = "For ourselves" }).ClickAsync();
        await Assertions.Expect(page.Locator("#purpose-view-internal")).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("#recipient")).ToHaveValueAsync("Notewell Ltd");
        helen.ShouldBeQuiet("/exports");
    }

    [Fact]
    public async Task Several_are_exported_from_the_librarys_bar()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var first = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await page.GotoAsync("/");
        await page.Locator($".pick input[value='{first}']").CheckAsync(new() { Force = true });
        await page.Locator("#chosen").GetByRole(AriaRole.Button, new() { Name = "Export a package" }).ClickAsync();

        await page.FillAsync("#recipient", "Sam Weber");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the package" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Fetch the package" }).WaitForAsync(new() { Timeout = 120_000 });
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task Everything_is_packed_fetched_and_the_page_says_where_it_is()
    {
        await using var own = await vault.SignInAsync();
        var page = own.Page;
        await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await own.LookAsync("/exports/everything", "everything-ask");
        await page.GotoAsync("/exports/everything");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin", Exact = true }).ClickAsync();
        await page.ArriveAsync("**/exports/everything");

        var fetch = page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Fetch the package of") }).First;
        await fetch.WaitForAsync(new() { Timeout = 120_000 });
        await own.LookAsync("/exports/everything", "everything-ready");
        await page.GotoAsync("/exports/everything");
        var download = await page.RunAndWaitForDownloadAsync(() => fetch.ClickAsync());
        using var machine = new CommandLine();
        machine.Write("package.zip", await File.ReadAllBytesAsync(await download.PathAsync(), Ct));
        var verify = await machine.RunAsync(Ct, "verify", "package.zip");

        Assert.True(verify.Code == 0, verify.Error);
        // Within a minute the run finds that nothing is left.
        await page.GotoAsync("/exports/everything");
        await Assertions.Expect(page.Locator("#everything")).ToContainTextAsync("Everything that may leave was fetched.", new() { Timeout = 150_000 });
        await own.LookAsync("/exports/everything", "everything-done");
        own.ShouldBeQuiet();
    }

    private static async Task AskForTrainingAsync(IPage page, Guid recording)
    {
        await page.GotoAsync($"/recordings/{recording}/export");
        await page.FillAsync("#recipient", "Notewell Ltd");
        await page.CheckAsync("#purpose-ai-training");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the package" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("This export was refused");
    }
}
