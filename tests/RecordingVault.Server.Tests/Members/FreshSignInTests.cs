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
    public async Task A_package_is_asked_for_and_fetched_by_who_signed_in_a_moment_ago()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        var id = Guid.CreateVersion7();

        using var asked = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/exports", new { recordings = new[] { id }, purpose = "share-external", recipient = "Anna" }, Ct);
        using var fetched = await browser.GetAsync($"/api/v1/exports/{id}/download", Ct);
        using var form = await browser.GetAsync($"/recordings/{id}/export", Ct);
        using var page = await browser.GetAsync($"/exports/{id}/download", Ct);
        using var all = await browser.PostFormAsync("/exports/everything", [("purpose", "view-internal"), ("recipient", "Anna")], Ct);

        foreach (var stale in new[] { asked, fetched })
        {
            Assert.Equal(HttpStatusCode.Forbidden, stale.StatusCode);
            Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(stale, Ct));
        }

        Assert.Equal(FreshSignIn.PageBefore($"/recordings/{id}/export"), form.Headers.Location?.OriginalString);
        Assert.Equal(FreshSignIn.PageBefore("/exports"), page.Headers.Location?.OriginalString);
        Assert.Equal(FreshSignIn.PageBefore("/exports/everything"), all.Headers.Location?.OriginalString);
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
