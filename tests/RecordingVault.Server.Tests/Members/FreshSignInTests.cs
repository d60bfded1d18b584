using System.Net;
using System.Net.Http.Json;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Export.Packages;
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
        using var all = await browser.PostFormAsync("/exports/everything", [("purpose", "view-internal"), ("recipient", "Anna Müller")], Ct);
        using var chosen = await browser.PostFormAsync("/recordings/chosen/export", [("recording", $"{id}"), ("recording", $"{tenant.Id}")], Ct, page: "/");

        foreach (var stale in new[] { asked, fetched })
        {
            Assert.Equal(HttpStatusCode.Forbidden, stale.StatusCode);
            Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(stale, Ct));
        }

        Assert.Equal(FreshSignIn.PageBefore($"/recordings/{id}/export"), form.Headers.Location?.OriginalString);
        Assert.Equal(FreshSignIn.PageBefore("/exports"), page.Headers.Location?.OriginalString);
        // Neither what was chosen nor what was filled in is lost on the way.
        Assert.Equal(FreshSignIn.PageBefore($"/recordings/chosen/export?recordings={id:N}~{tenant.Id:N}"), chosen.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Forbidden, all.StatusCode);
        var text = System.Net.WebUtility.HtmlDecode(await all.Content.ReadAsStringAsync(Ct));
        Assert.Contains("Show again that it is you", text, StringComparison.Ordinal);
        Assert.Contains("value=\"Anna Müller\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_chosen_recordings_are_still_chosen_after_it_and_a_filled_in_form_comes_back()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        List<Guid> ids = [];
        for (var i = 0; i < 50; i++)
            ids.Add((await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct)).Id);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var chosen = await browser.PostFormAsync("/recordings/chosen/export", [.. ids.Select(id => ("recording", $"{id}"))], Ct, page: "/");
        using var form = await browser.PostFormAsync("/exports", [("recording", $"{ids[0]}"), ("purpose", "share-external"), ("recipient", "Anna Müller")], Ct, page: "/");
        var returnTo = System.Web.HttpUtility.ParseQueryString(chosen.Headers.Location!.OriginalString.Split('?', 2)[1])["returnTo"]!;
        using var shown = await browser.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("returnTo", returnTo)], Ct);
        using var page = await browser.GetAsync(shown.Headers.Location!.OriginalString, Ct);
        var text = await page.Content.ReadAsStringAsync(Ct);
        using var tooMany = await browser.GetAsync("/recordings/chosen/export?recordings=" + string.Join('~', Enumerable.Range(0, 51).Select(_ => $"{Guid.NewGuid():N}")), Ct);
        using var stranger = new TestBrowser(vault.Vault);
        await stranger.SignInAsync((await TestTenant.CreateAsync(vault.Vault, Ct)).Owner, Ct);
        using var hidden = await stranger.GetAsync(shown.Headers.Location!.OriginalString, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, form.StatusCode);
        var keptForm = System.Net.WebUtility.HtmlDecode(await form.Content.ReadAsStringAsync(Ct));
        Assert.Contains("value=\"Anna Müller\"", keptForm, StringComparison.Ordinal);
        // The form that stood open in the other tab is sent as it is.
        string Hidden(string name) => System.Text.RegularExpressions.Regex.Match(keptForm, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;
        using var sent = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/exports")
        {
            Content = new FormUrlEncodedContent([new("recording", $"{ids[0]}"), new("purpose", "share-external"), new("recipient", "Anna Müller"), new("vault-tenant", Hidden("vault-tenant")), new("__RequestVerificationToken", Hidden("__RequestVerificationToken"))]),
        }, Ct);
        Assert.StartsWith("/exports/", sent.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.All(ids, id => Assert.Contains($"value=\"{id}\"", text, StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (tooMany.StatusCode, hidden.StatusCode));
    }

    [Fact]
    public async Task Whoever_shows_it_again_goes_on_with_the_same_session_and_keeps_what_was_packed_for_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var before = await CurrentAsync(browser);
        using var asked = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/exports", new { recordings = new[] { recording.Id }, purpose = "view-internal", recipient = "Anna" }, Ct);
        var export = (await asked.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Ct)).GetProperty("id").GetGuid();
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var shown = await browser.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("returnTo", "/exports")], Ct);
        var built = await PackedRecording.UntilBuiltAsync(tenant, export, Ct);
        using var fetched = await browser.GetAsync($"/api/v1/exports/{export}/download", Ct);

        Assert.Equal(before, await CurrentAsync(browser));
        Assert.Equal("ready", built.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.OK, fetched.StatusCode);
        Assert.DoesNotContain("member.signed-out", await tenant.EventTypesAsync(Ct));
    }

    private static async Task<Guid> CurrentAsync(TestBrowser browser)
    {
        using var answer = await browser.GetAsync("/api/v1/sessions", Ct);
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Ct)).GetProperty("items").EnumerateArray().Single(session => session.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();
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
