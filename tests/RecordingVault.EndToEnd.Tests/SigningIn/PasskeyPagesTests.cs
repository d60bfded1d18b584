using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>Passkeys in a real browser, and by keyboard alone.</summary>
[Trait("Needs", "Browser")]
public sealed class PasskeyPagesTests(Browser browser, SettledVault vault) : IClassFixture<SettledVault>
{
    [Fact]
    public async Task By_keyboard_alone_a_passkey_is_added_signs_in_shows_who_it_is_again_and_is_removed()
    {
        await using var helen = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        var page = helen.Page;
        await VirtualAuthenticator.PlugInAsync(page);
        await VirtualAuthenticator.OfferNothingInFieldsAsync(page);

        await page.GotoAsync("/signin?returnTo=/settings/security");
        await page.TypeAsync(page.Locator("#email"), Story.Mail);
        await page.TypeAsync(page.Locator("#password"), Story.Password);
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page);
        await page.TypeAsync(page.Locator("#passkey-name"), "Key on my ring");
        await page.Keyboard.PressAsync("Enter");
        var passkey = page.Locator("#passkeys li");
        await Assertions.Expect(passkey).ToContainTextAsync("Key on my ring");
        await Assertions.Expect(passkey).ToContainTextAsync("Not used yet.");
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("The passkey is added.");
        await helen.ShouldBeAccessibleAsync();

        await page.PressAsync(page.Locator(".account > summary"));
        await page.PressAsync(Button(page, "Sign out"));
        await page.ArriveAsync("**/signin?signedOut=true");
        await page.PressAsync(Button(page, "Sign in with a passkey"));
        await page.ArriveAsync("**/");

        await page.GotoAsync("/signin/again?returnTo=/settings/security");
        await helen.ShouldBeAccessibleAsync();
        await page.PressAsync(Button(page, "Show a passkey instead"));
        await ArriveAsync(page);
        await Assertions.Expect(passkey).ToContainTextAsync("Last used today");
        await Assertions.Expect(page.Locator("#sessions li").First).ToContainTextAsync("with a passkey");

        await page.PressAsync(passkey.Locator("summary").Last);
        await page.PressAsync(Button(page, "Remove the passkey"));
        await Assertions.Expect(page.Locator("#passkeys li")).ToHaveCountAsync(0);
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task A_passkey_of_nobody_here_says_what_to_do_and_the_password_still_works()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        await VirtualAuthenticator.PlugInAsync(page);
        await VirtualAuthenticator.OfferNothingInFieldsAsync(page);
        await page.GotoAsync("/settings/security");
        await page.FillAsync("#passkey-name", "Phone");
        await Button(page, "Add a passkey").ClickAsync();
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("The passkey is added.");
        await page.GotoAsync("/signin/again?returnTo=/settings/security");
        await Button(page, "Show a passkey instead").ClickAsync();
        await ArriveAsync(page);
        await page.Locator("#passkeys summary").Last.ClickAsync();
        await Button(page, "Remove the passkey").ClickAsync();
        await Assertions.Expect(page.Locator("#passkeys li")).ToHaveCountAsync(0);
        await page.Locator(".account > summary").ClickAsync();
        await Button(page, "Sign out").ClickAsync();
        await page.ArriveAsync("**/signin?signedOut=true");

        await Button(page, "Sign in with a passkey").ClickAsync();

        await Assertions.Expect(page.Locator("[data-passkey] [data-error]")).ToContainTextAsync("This passkey was not accepted.");
        await helen.ShouldBeAccessibleAsync();
        helen.ShouldBeQuiet(refusedPath: "/signin/passkey");
        await page.FillAsync("#email", Story.Mail);
        await page.FillAsync("#password", Story.Password);
        await Button(page, "Sign in").ClickAsync();
        await page.ArriveAsync("**/");
    }

    [Fact]
    public async Task Where_the_address_is_typed_the_browser_offers_a_passkey_and_choosing_it_signs_in()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        var finger = await VirtualAuthenticator.PlugInAsync(page);
        await page.GotoAsync("/settings/security");
        await page.FillAsync("#passkey-name", "Laptop");
        await Button(page, "Add a passkey").ClickAsync();
        await Assertions.Expect(page.Locator(".toast")).ToContainTextAsync("The passkey is added.");
        await finger.ShowFingerAsync(false);
        await page.Locator(".account > summary").ClickAsync();
        await Button(page, "Sign out").ClickAsync();
        await page.ArriveAsync("**/signin?signedOut=true");
        await Assertions.Expect(page.Locator("#email")).ToHaveAttributeAsync("autocomplete", "username webauthn");
        await finger.ShowFingerAsync(true);

        // The list under the field is the browser's own, which no script reaches: Chromium's authenticator chooses in it, and no button is pressed.
        await page.GotoAsync("/signin?returnTo=/settings/security");

        await ArriveAsync(page);
        await Assertions.Expect(page.Locator("#sessions li").First).ToContainTextAsync("with a passkey");
        // As long as he chooses none there, the button does it.
        await finger.ShowFingerAsync(false);
        await page.Locator(".account > summary").ClickAsync();
        await page.RunAndWaitForResponseAsync(() => Button(page, "Sign out").ClickAsync(), response => response.Url.EndsWith("/signin/passkey/options", StringComparison.Ordinal));
        await Assertions.Expect(Button(page, "Sign in with a passkey")).ToBeEnabledAsync();
        await finger.ShowFingerAsync(true);
        await Button(page, "Sign in with a passkey").ClickAsync();
        await page.ArriveAsync("**/");
        await page.GotoAsync("/settings/security");
        await page.Locator("#passkeys summary").Last.ClickAsync();
        await Button(page, "Remove the passkey").ClickAsync();
        await Assertions.Expect(page.Locator("#passkeys li")).ToHaveCountAsync(0);
        helen.ShouldBeQuiet();
    }

    [Fact]
    public async Task The_pages_of_signing_in_and_of_settings_are_accessible_on_every_screen()
    {
        await using var helen = await vault.SignInAsync();
        var cookies = (await helen.Page.Context.CookiesAsync()).Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
            Secure = cookie.Secure,
            HttpOnly = cookie.HttpOnly,
            SameSite = cookie.SameSite,
        }).ToList();

        foreach (var (screen, theme) in Browser.Screens)
        {
            await using var visitor = await browser.VisitAsync(vault.Server.Address, screen, theme);
            await LookAsync(visitor, "/signin", $"signin-{screen}-{theme}");
            await visitor.Page.Context.AddCookiesAsync(cookies);
            foreach (var path in new[] { "/signin/again", "/settings/security", "/settings/profile", "/password" })
                await LookAsync(visitor, path, $"{path.Replace('/', '-').Trim('-')}-{screen}-{theme}");
            visitor.ShouldBeQuiet();
        }
    }

    private static async Task LookAsync(VisitorPage visitor, string path, string picture)
    {
        var answer = await visitor.Page.GotoAsync(path);
        Assert.Equal(200, answer!.Status);
        await visitor.ShouldBeAccessibleAsync();
        await visitor.PictureAsync(picture.ToLowerInvariant());
    }

    private static Task ArriveAsync(IPage page) => page.ArriveAsync(url => new Uri(url).AbsolutePath == "/settings/security");

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
