using Microsoft.Playwright;
using OtpNet;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>The authenticator app and its recovery codes, as a person meets them. A vault of its own: nobody else's sign-in must ask for a code.</summary>
[Trait("Needs", "Browser")]
public sealed class CodePagesTests(Browser browser, SettledVault vault) : IClassFixture<SettledVault>
{
    [Fact]
    public async Task An_authenticator_is_set_up_asked_for_at_sign_in_and_a_recovery_code_opens_once()
    {
        await using var helen = await vault.SignInAsync();
        var page = helen.Page;
        await page.GotoAsync("/settings/security");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set it up" }).ClickAsync();
        await helen.ShouldBeAccessibleAsync();
        await helen.PictureAsync("authenticator");
        var seed = (await page.InputValueAsync("#seed-text")).Replace(" ", "", StringComparison.Ordinal);
        var app = new Totp(Base32Encoding.ToBytes(seed));
        var first = app.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-30)); // the step before is taken too, so that the next one is still good below
        await page.FillAsync("#code", first);
        await Button(page, "Turn it on").ClickAsync();
        await Assertions.Expect(page.Locator(".recovery-codes li")).ToHaveCountAsync(10);
        await helen.ShouldBeAccessibleAsync();
        var codes = await page.Locator(".recovery-codes li").AllInnerTextsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        helen.ShouldBeQuiet();

        await using var elsewhere = await browser.VisitAsync(vault.Server.Address, Screen.Phone, ColorScheme.Dark);
        await ShowPasswordAsync(elsewhere.Page);
        await elsewhere.ShouldBeAccessibleAsync();
        await elsewhere.PictureAsync("signin-code");
        await elsewhere.Page.FillAsync("#code", app.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime));
        await Button(elsewhere.Page, "Sign in").ClickAsync();
        await ArriveAsync(elsewhere.Page);
        elsewhere.ShouldBeQuiet();

        await using var lost = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        await ShowRecoveryCodeAsync(lost.Page, codes[0]);
        await ArriveAsync(lost.Page);
        await using var again = await browser.VisitAsync(vault.Server.Address, Screen.Desktop, ColorScheme.Light);
        await ShowRecoveryCodeAsync(again.Page, codes[0]);
        await Assertions.Expect(again.Page.Locator("#code-error")).ToBeVisibleAsync();

        var told = await vault.Server.RunAsync(["member", "second-factor", "--email", Story.Mail], TestContext.Current.CancellationToken);
        Assert.Matches("It comes off on [0-9-]{10} [0-9:]{5} UTC, unless the member stops it.", told);
        await lost.Page.GotoAsync("/settings/security");
        await Assertions.Expect(lost.Page.GetByText("Your second factor is to be taken off.")).ToBeVisibleAsync();
        await lost.ShouldBeAccessibleAsync();
        await Button(lost.Page, "Keep my second factor").ClickAsync();
        await Assertions.Expect(lost.Page.GetByText("Your second factor is to be taken off.")).ToHaveCountAsync(0);
    }

    private static async Task ShowPasswordAsync(IPage page)
    {
        await page.GotoAsync("/signin");
        await page.FillAsync("#email", Story.Mail);
        await page.FillAsync("#password", Story.Password);
        await Button(page, "Sign in").ClickAsync();
        await page.WaitForSelectorAsync("#code");
    }

    private static async Task ShowRecoveryCodeAsync(IPage page, string code)
    {
        await ShowPasswordAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Use a recovery code" }).ClickAsync();
        await page.FillAsync("#code", code);
        await Button(page, "Sign in").ClickAsync();
    }

    private static Task ArriveAsync(IPage page) => page.ArriveAsync(url => new Uri(url).AbsolutePath == "/");

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
