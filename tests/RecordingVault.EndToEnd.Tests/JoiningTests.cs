using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>An owner invites somebody, who joins by the link, and is given another role and removed again; all by keyboard.</summary>
[Trait("Needs", "Browser")]
public sealed class JoiningTests(Browser browser)
{
    private const string Mail = "claire@dubois.example";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_joins_by_a_link_and_is_removed_again_by_keyboard()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        await using var helen = await new Story(browser, server).SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct);
        await helen.LookAsync("/settings/organisation", "organisation");
        await helen.LookAsync("/settings/members", "members-alone");
        var link = await InviteAsync(helen);
        await helen.LookAsync("/settings/members", "members-invited");

        await using var claire = await browser.VisitAsync(server.Address, Screen.Phone, ColorScheme.Light);
        await claire.LookAsync("/join", "join-gate");
        // Another fragment alone is the same page to a browser.
        await claire.Page.GotoAsync("about:blank");
        await claire.Page.GotoAsync(link);
        Assert.DoesNotContain("Marsh", await claire.Page.ContentAsync(), StringComparison.Ordinal);
        await PressAsync(claire.Page, "Open");
        await claire.Page.ArriveAsync("**/join/open");
        await claire.LookAsync("/join/open", "join");
        await JoinAsync(claire.Page);
        await claire.Page.ArriveAsync(url => url.EndsWith('/'));
        await Assertions.Expect(claire.Page.Locator("h1")).ToBeVisibleAsync();
        claire.ShouldBeQuiet();

        await helen.LookAsync("/settings/members", "members");
        await PressAsync(helen.Page, "Change or remove Claire Dubois", AriaRole.Link);
        await helen.Page.ArriveAsync("**/settings/members/*");
        await helen.LookAsync(new Uri(helen.Page.Url).AbsolutePath, "member");
        await PressAsync(helen.Page, "Remove Claire Dubois");
        await Assertions.Expect(helen.Page.Locator("main")).ToContainTextAsync("does not belong to the organisation any more");
        helen.ShouldBeQuiet();
        await claire.Page.GotoAsync("/");
        await Assertions.Expect(claire.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/signin", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)));
    }

    private static async Task<string> InviteAsync(VisitorPage helen)
    {
        var page = helen.Page;
        await page.FocusAsync("#email");
        await page.Keyboard.TypeAsync(Mail);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Claire Dubois");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        var made = page.Locator("#made-link");
        await made.WaitForAsync(new() { State = WaitForSelectorState.Visible });
        await helen.ShouldBeAccessibleAsync();
        await helen.PictureAsync("members-made");
        await Assertions.Expect(page.Locator("#made")).ToContainTextAsync("Contributor");
        return await made.InputValueAsync();
    }

    private static async Task JoinAsync(IPage page)
    {
        await page.FocusAsync("#password");
        await page.Keyboard.TypeAsync("seven otters under a lantern");
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task PressAsync(IPage page, string name, AriaRole role = AriaRole.Button)
    {
        await page.GetByRole(role, new() { Name = name, Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }
}
