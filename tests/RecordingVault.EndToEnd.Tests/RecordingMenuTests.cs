using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>The menu of a recording in the library, as tile and as line: by mouse, by keyboard, on a phone and without scripts.</summary>
[Trait("Needs", "Browser")]
public sealed class RecordingMenuTests(MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_opens_by_keyboard_closes_by_escape_and_asks_before_it_moves_to_the_trash()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var id = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await page.GotoAsync("/");
        var menu = Menu(page.Locator(".tile"), id);
        var button = menu.Locator("summary");

        await button.FocusAsync();
        await Assertions.Expect(button).ToHaveCSSAsync("opacity", "1");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(menu.Locator(".menu")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Share", Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(menu.Locator(".menu")).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
        await button.ClickAsync();
        await page.Locator("h1").ClickAsync();
        await Assertions.Expect(menu.Locator(".menu")).ToBeHiddenAsync();

        await button.ClickAsync();
        var trash = menu.GetByRole(AriaRole.Button, new() { Name = "Move to the trash" });
        await trash.ClickAsync();
        await helen.ShouldBeAccessibleAsync();
        // Going back leads to where it was asked for.
        await page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Assertions.Expect(trash).ToBeFocusedAsync();
        await trash.ClickAsync();
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Move to the trash" }).ClickAsync();
        await page.ArriveAsync("**/trash");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Take out");
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task Each_of_its_ways_leads_where_it_says()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var id = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));

        foreach (var (name, path, heading) in ((string, string, string)[])
            [
                ("Share", $"/recordings/{id}/share", "Share"), ("Title, date and people", $"/recordings/{id}/edit", ""),
                ("Label: who may see it", $"/recordings/{id}/edit#label", "Who may see it"), ("What it may be used for", $"/recordings/{id}/use", ""), ("Export a package…", $"/recordings/{id}/export", ""),
            ])
        {
            await page.GotoAsync("/?view=list");
            var menu = Menu(page.Locator(".library-list tr"), id);
            await menu.Locator("summary").ClickAsync();
            await menu.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await page.ArriveAsync(address => address.EndsWith(path, StringComparison.Ordinal));
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync(heading);
        }

        helen.ShouldBeQuiet();
    }

    [Theory]
    [InlineData("/", ".tile")]
    [InlineData("/?view=list", ".library-list tr")]
    public async Task Open_it_stands_on_the_desk_and_on_the_phone_by_day_and_by_night(string path, string things)
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var id = await Story.UploadAsync(page, await meetings.ShortAsync(Ct));
        await page.GotoAsync(path);

        foreach (var (width, height) in ((int, int)[])[(1440, 900), (390, 844), (320, 700)])
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                await page.GotoAsync(path);
                var menu = Menu(page.Locator(things), id);
                await menu.Locator("summary").ClickAsync();
                await helen.ShouldBeAccessibleAsync();
                // Its last line is not under the next tile, nor under the bar at the bottom.
                await menu.GetByRole(AriaRole.Button, new() { Name = "Move to the trash" }).ClickAsync(new() { Trial = true });
                var box = (await menu.Locator(".menu").BoundingBoxAsync())!;
                Assert.True(box.X >= 0 && box.X + box.Width <= width, $"The menu stands from {box.X} to {box.X + box.Width} on {width} pixels.");
                await helen.PictureAsync($"menu-{(things == ".tile" ? "tile" : "line")}-{width}-{theme}".ToLowerInvariant());
            }
        }

        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task It_works_without_scripts()
    {
        await using var helen = await vault.SignInAsync();
        var id = await Story.UploadAsync(helen.Page, await meetings.ShortAsync(Ct));
        await using var plain = await helen.Page.Context.Browser!.NewContextAsync(new()
        {
            BaseURL = vault.Server.Address.ToString(),
            JavaScriptEnabled = false,
            StorageState = await helen.Page.Context.StorageStateAsync(),
        });
        var page = await plain.NewPageAsync();

        await page.GotoAsync("/");
        var menu = Menu(page.Locator(".tile"), id);
        await menu.Locator("summary").ClickAsync(new() { Force = true });
        await menu.GetByRole(AriaRole.Button, new() { Name = "Move to the trash" }).ClickAsync();

        await page.WaitForURLAsync("**/trash");
    }

    private static ILocator Menu(ILocator things, Guid id) =>
        things.Filter(new() { Has = things.Page.Locator($"a[href='/recordings/{id}']") }).Locator(".tile-menu");
}
