using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>Every page on which a member arranges his account and his organisation, and the doors beside them: whole on each screen, and without a mouse.</summary>
[Trait("Needs", "Browser")]
public sealed class SettingsPagesTests(SettledVault vault) : IClassFixture<SettledVault>
{
    [Fact]
    public async Task Each_stands_on_every_screen_and_theme()
    {
        await using var helen = await vault.SignInAsync();
        foreach (var name in new[] { "profile", "address", "security", "organisation", "members", "tokens" })
            await helen.LookAsync($"/settings/{name}", $"settings-{name}");
        foreach (var path in new[] { "/password", "/signin/again", "/signin", "/forgotten", "/reset", "/address", "/removal", "/join", "/setup" })
            await helen.LookAsync(path, path.Trim('/').Replace('/', '-'));
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task A_token_is_made_and_revoked_by_keyboard_alone()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        await page.GotoAsync("/settings/tokens");

        await page.TypeAsync(page.Locator("#name"), "night upload");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#made-token")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^rvt_"));
        await helen.ShouldBeAccessibleAsync();
        await page.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Done" }));
        await page.ArriveAsync("**/settings/tokens");
        await page.PressAsync(page.Locator("summary[aria-label='Revoke night upload']"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("The token is over")).ToBeVisibleAsync();
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task Name_language_and_organisation_are_changed_by_keyboard_alone()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        await page.GotoAsync("/settings/profile");
        await ReplaceAsync(page, "Helen of Marsh");
        await page.TabToAsync(page.Locator("input[name=language]:checked"));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }));

        await Assertions.Expect(page.Locator(".account > summary")).ToContainTextAsync("Helen of Marsh");
        await Assertions.Expect(page.Locator("input[value=de]")).ToBeCheckedAsync();
        await page.PressAsync(page.Locator(".settings-nav").GetByRole(AriaRole.Link, new() { Name = "Organisation" }));
        await page.ArriveAsync("**/settings/organisation");
        await ReplaceAsync(page, "Marsh and Daughters");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator(".brand")).ToContainTextAsync("Marsh and Daughters");
        await helen.ShouldBeAccessibleAsync();
        helen.ShouldBeQuiet();
    }

    private static async Task ReplaceAsync(IPage page, string text)
    {
        await page.TabToAsync(page.Locator("#name"));
        await page.Keyboard.PressAsync("ControlOrMeta+A");
        await page.Keyboard.TypeAsync(text);
    }
}
