using System.Net;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Members;

/// <summary>What opens more than was open asks for a sign-in of the last ten minutes.</summary>
public sealed class FreshSignInTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_of_yesterday_makes_no_token_until_the_password_was_shown_again()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var before = browser.Cookie(SessionCookie.Name);
        Assert.Equal(HttpStatusCode.Created, (await MakeTokenAsync(browser)).StatusCode);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        var stale = await MakeTokenAsync(browser);
        Assert.Equal(HttpStatusCode.Forbidden, stale.StatusCode);
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(stale, Ct));

        var wrong = await browser.PostFormAsync(SignInAgain.Path, [("password", "not his password"), ("returnTo", "/upload")], Ct);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await MakeTokenAsync(browser)).StatusCode);

        var shown = await browser.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("returnTo", "/upload")], Ct);
        Assert.Equal("/upload", shown.Headers.Location!.OriginalString);
        Assert.NotEqual(before, browser.Cookie(SessionCookie.Name));
        Assert.Equal(HttpStatusCode.Created, (await MakeTokenAsync(browser)).StatusCode);
        using var old = new TestBrowser(vault.Vault);
        old.SetCookie(SessionCookie.Name, before!);
        Assert.Equal(HttpStatusCode.Unauthorized, (await old.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task Loosening_a_link_asks_for_it_and_narrowing_or_stopping_one_does_not()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Ct, new { passcode = "otter-lamp-42", expiresAt = vault.Clock.GetUtcNow().AddDays(5) });
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(link.Recording.Tenant.Owner, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        foreach (var looser in new object[] { new { allowDownload = true }, new { passcode = (string?)null }, new { expiresAt = vault.Clock.GetUtcNow().AddDays(9) } })
            Assert.Equal(HttpStatusCode.Forbidden, (await ChangeAsync(browser, link, looser)).StatusCode);
        foreach (var narrower in new object[] { new { allowDownload = false }, new { note = "x" }, new { passcode = "another-lamp-7" }, new { expiresAt = vault.Clock.GetUtcNow().AddDays(1) }, new { state = "stopped" } })
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(browser, link, narrower)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ChangeAsync(browser, link, new { state = "open" })).StatusCode);
        // A script has no password to show.
        Assert.Equal(HttpStatusCode.OK, (await link.ChangeAsync(new { state = "open" }, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    public async Task Showing_the_password_leads_to_no_other_host(string returnTo)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var shown = await browser.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("returnTo", returnTo)], Ct);

        Assert.Equal("/", shown.Headers.Location!.OriginalString);
    }

    private static Task<HttpResponseMessage> MakeTokenAsync(TestBrowser browser) =>
        browser.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", new { name = "night script", days = 1 }, Ct);

    private static Task<HttpResponseMessage> ChangeAsync(TestBrowser browser, SharedLink link, object change) => browser.SendJsonAsync(HttpMethod.Patch, link.Path, change, Ct);
}
