using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using OtpNet;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>The operator's pages in a real browser, on a listener of their own.</summary>
[Trait("Needs", "Browser")]
public sealed class OperatorPagesTests(Browser browser)
{
    private const string Password = "seven unusual teapots sing";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_made_by_verb_chooses_a_password_adds_a_passkey_signs_in_with_it_and_removes_it()
    {
        var management = new Uri($"http://localhost:{FreePort()}");
        await using var server = await ServerProcess.StartAsync([KeyValuePair.Create("Vault__Management__Urls", management.GetLeftPart(UriPartial.Authority))], Ct);
        var printed = (await server.RunAsync(["operator", "create", "--name", "Karl Brandt"], Ct)).Trim().Split('\n');
        var seed = Base32Encoding.ToBytes(printed.Single(line => line.StartsWith("Key:", StringComparison.Ordinal)).Split(' ')[^1].Trim());
        await using var karl = await browser.VisitAsync(management, Screen.Desktop, ColorScheme.Light);
        var page = karl.Page;
        await VirtualAuthenticator.PlugInAsync(page);

        await page.GotoAsync("/operator");
        await karl.ShouldBeAccessibleAsync();
        await page.FillAsync("#name", "Karl Brandt");
        await page.FillAsync("#password", printed[^1].Trim());
        await page.FillAsync("#code", new Totp(seed).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime));
        await Button(page, "Sign in").ClickAsync();
        await page.FillAsync("#currentPassword", printed[^1].Trim());
        await page.FillAsync("#newPassword", Password);
        await Button(page, "Change the password").ClickAsync();
        await page.ArriveAsync("**/operator");

        await page.GotoAsync("/operator/security");
        await page.FillAsync("#passkey-name", "Key on my ring");
        await Button(page, "Add a passkey").ClickAsync();
        var passkey = page.Locator("#passkeys li");
        await Assertions.Expect(passkey).ToContainTextAsync("Key on my ring");
        await karl.ShouldBeAccessibleAsync();
        await page.Locator(".account > summary").ClickAsync();
        await Button(page, "Sign out").ClickAsync();
        await page.ArriveAsync("**/operator/signin?signedOut=true");
        await Button(page, "Sign in with a passkey").ClickAsync();
        await page.ArriveAsync("**/operator");

        await page.GotoAsync("/operator/signin?again=true&returnTo=/operator/security");
        await karl.ShouldBeAccessibleAsync();
        await Button(page, "Show a passkey instead").ClickAsync();
        await page.ArriveAsync("**/operator/security");
        await Assertions.Expect(passkey).ToContainTextAsync("Last used today");
        await passkey.Locator("summary").Last.ClickAsync();
        await Button(page, "Remove the passkey").ClickAsync();
        await Assertions.Expect(page.Locator("#passkeys li")).ToHaveCountAsync(0);
        karl.ShouldBeQuiet();

        await LookAtAllAsync(management, await page.Context.CookiesAsync());
    }

    private async Task LookAtAllAsync(Uri management, IReadOnlyList<BrowserContextCookiesResult> cookies)
    {
        foreach (var (screen, theme) in Browser.Screens)
        {
            await using var visitor = await browser.VisitAsync(management, screen, theme);
            await visitor.Page.Context.AddCookiesAsync(cookies.Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Domain = cookie.Domain, Path = cookie.Path, Secure = cookie.Secure, HttpOnly = cookie.HttpOnly, SameSite = cookie.SameSite }));
            foreach (var path in new[] { "/operator", "/operator/jobs", "/operator/versions", "/operator/tenants", "/operator/security", "/operator/password", "/operator/signin?again=true" })
            {
                Assert.Equal(200, (await visitor.Page.GotoAsync(path))!.Status);
                await visitor.ShouldBeAccessibleAsync();
                await visitor.PictureAsync($"{path.Split('?')[0].Replace('/', '-').Trim('-')}-{screen}-{theme}".ToLowerInvariant());
            }

            visitor.ShouldBeQuiet();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
