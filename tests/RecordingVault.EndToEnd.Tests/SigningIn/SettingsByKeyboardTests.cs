using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>Every page of settings without a mouse: what can be pressed or filled in is reached by Tab, and one sees where one stands.</summary>
[Trait("Needs", "Browser")]
public sealed class SettingsByKeyboardTests(Browser browser, SettledVault vault) : IClassFixture<SettledVault>
{
    private const string BensMail = "ben@marsh-coaching.example";
    private const string BensPassword = "seven loud harbours";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_can_be_used_on_a_page_of_settings_is_reached_by_Tab_and_shows_that_one_stands_there()
    {
        await MakeBenAsync();
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        await page.GotoAsync("/settings/members");
        var ben = (await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Change or remove ") }).First.GetAttributeAsync("href"))!;
        var wrong = new List<string>();

        foreach (var path in new[]
        {
            "/settings/profile", "/settings/address", "/settings/security", "/settings/security/authenticator", "/settings/organisation", "/settings/organisation/use", "/settings/members", ben, "/settings/tokens",
            "/password", "/signin/again",
        })
        {
            await page.GotoAsync(path);
            wrong.AddRange((await KeyboardWalk.WalkAsync(page)).Select(line => $"{path}: {line}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        helen.ShouldBeQuiet();
    }

    /// <summary>The eyes of the test above see: else it would pass on anything.</summary>
    [Fact]
    public async Task What_Tab_leaves_out_and_what_does_not_show_itself_is_seen()
    {
        await using var visitor = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        await visitor.Page.GotoAsync("/signin");
        Assert.Empty(await KeyboardWalk.WalkAsync(visitor.Page));

        await visitor.Page.EvaluateAsync("""
            () => {
              const main = document.querySelector('main') ?? document.body;
              const [left, hidden] = ['Left out', 'Unseen'].map(words => Object.assign(document.createElement('button'), { textContent: words }));
              left.tabIndex = -1;
              hidden.style.setProperty('outline', 'none', 'important');
              hidden.style.setProperty('box-shadow', 'none', 'important');
              main.append(left, hidden);
            }
            """);
        var wrong = await KeyboardWalk.WalkAsync(visitor.Page);

        Assert.Collection(wrong, line => Assert.Contains("not reached: <button> “Left out”", line, StringComparison.Ordinal), line => Assert.Contains("does not show itself: <button> “Unseen”", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_is_invited_and_the_invitation_withdrawn_by_keyboard_alone()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        await page.GotoAsync("/settings/members");

        await page.TypeAsync(page.Locator("#email"), "claire@example.com");
        await page.TabToAsync(page.Locator("input[name=role]:checked"));
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#made-link")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("/join"));
        await helen.ShouldBeAccessibleAsync();
        await page.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Done" }));
        await page.ArriveAsync("**/settings/members");
        await page.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Withdraw the invitation of claire@example.com" }));

        await Assertions.Expect(page.GetByText("The invitation is withdrawn.")).ToBeVisibleAsync();
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task Where_two_factors_are_asked_for_the_page_that_leads_to_them_stands_on_every_screen()
    {
        var password = await MakeBenAsync();
        await using var helen = await vault.SignInAsync();
        await VirtualAuthenticator.PlugInAsync(helen.Page);
        await VirtualAuthenticator.OfferNothingInFieldsAsync(helen.Page);
        await helen.Page.GotoAsync("/settings/security");
        await helen.Page.FillAsync("#passkey-name", "Laptop");
        await Button(helen.Page, "Add a passkey").ClickAsync();
        await Assertions.Expect(helen.Page.Locator(".toast")).ToContainTextAsync("The passkey is added.");
        await helen.Page.GotoAsync("/signin/again?returnTo=/settings/organisation");
        await Button(helen.Page, "Show a passkey instead").ClickAsync();
        await helen.Page.ArriveAsync("**/settings/organisation");
        await Button(helen.Page, "Ask for two factors").ClickAsync();
        await Assertions.Expect(Button(helen.Page, "Ask for it no more")).ToBeVisibleAsync();
        try
        {
            await using var ben = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
            await ben.Page.GotoAsync("/signin");
            await ben.Page.FillAsync("#email", BensMail);
            await ben.Page.FillAsync("#password", password);
            await Button(ben.Page, "Sign in").ClickAsync();
            await ben.Page.ArriveAsync("**/settings/second-factor");
            await Assertions.Expect(ben.Page.Locator("h1")).ToHaveTextAsync("Set up a second factor");
            await ben.LookAsync("/settings/second-factor", "second-factor-needed");
            Assert.Empty(await KeyboardWalk.WalkAsync(ben.Page));
            ben.ShouldBeQuiet();

            await using var again = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
            await again.Page.GotoAsync("/signin");
            await again.Page.FillAsync("#email", Story.Mail);
            await again.Page.FillAsync("#password", Story.Password);
            await Button(again.Page, "Sign in").ClickAsync();
            await again.Page.ArriveAsync(address => !address.EndsWith("/signin", StringComparison.Ordinal));
            await again.LookAsync(new Uri(again.Page.Url).AbsolutePath, "second-factor-asked");
            Assert.Empty(await KeyboardWalk.WalkAsync(again.Page));
            again.ShouldBeQuiet();
        }
        finally
        {
            // The other tests of the class come in by password.
            await helen.Page.GotoAsync("/settings/organisation");
            await Button(helen.Page, "Ask for it no more").ClickAsync();
            await Assertions.Expect(helen.Page.Locator("#two-factors-head")).ToBeVisibleAsync();
            await helen.Page.GotoAsync("/settings/security");
            await helen.Page.Locator("#passkeys summary").Last.ClickAsync();
            await Button(helen.Page, "Remove the passkey").ClickAsync();
            await Assertions.Expect(helen.Page.Locator("#passkeys li")).ToHaveCountAsync(0);
        }
    }

    /// <summary>A second member with a password of his own; made by whichever test comes first.</summary>
    private async Task<string> MakeBenAsync()
    {
        await using var helen = await vault.SignInAsync();
        await helen.Page.GotoAsync("/settings/members");
        if (await helen.Page.GetByText(BensMail).CountAsync() > 0)
            return BensPassword;
        var first = (await vault.Server.RunAsync(["member", "create", "--email", BensMail, "--tenant", Story.House, "--role", "viewer"], Ct)).Trim().Split('\n')[^1];
        await using var ben = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        await ben.Page.GotoAsync("/signin");
        await ben.Page.FillAsync("#email", BensMail);
        await ben.Page.FillAsync("#password", first);
        await Button(ben.Page, "Sign in").ClickAsync();
        await ben.Page.ArriveAsync("**/password");
        await ben.Page.FillAsync("#currentPassword", first);
        await ben.Page.FillAsync("#newPassword", BensPassword);
        await ben.Page.Locator("main form button[type=submit]").Last.ClickAsync();
        await ben.Page.ArriveAsync("**/");
        return BensPassword;
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
