using System.Net;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Joining;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.People;

/// <summary>A member of two tenants changes between them.</summary>
public sealed class SwitchTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_menu_names_his_other_tenants_and_changes_to_one_under_a_new_session()
    {
        var (first, second, _, browser) = await MemberOfTwoAsync();
        var page = await PageAsync(browser, "/");
        Assert.Contains($"Change to {first.Name}", page, StringComparison.Ordinal);
        var before = browser.Cookie(SessionCookie.Name)!;

        Assert.Equal("/", (await SwitchAsync(browser, first.Id)).Headers.Location?.OriginalString);

        Assert.Equal((first.Id, "Contributor"), await Invited.StandingAsync(browser, Ct));
        Assert.Contains($"Change to {second.Name}", await PageAsync(browser, "/"), StringComparison.Ordinal);
        using var old = new TestBrowser(vault.Vault);
        old.SetCookie(SessionCookie.Name, before);
        Assert.Equal(HttpStatusCode.Unauthorized, (await old.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Contains("member.switched-away", await second.EventTypesAsync(Ct));
        Assert.Contains("member.switched-here", await first.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task A_forgotten_tab_changes_nothing_and_is_told_the_way_back()
    {
        var (first, second, _, browser) = await MemberOfTwoAsync();
        await SwitchAsync(browser, first.Id);

        // The tab was opened while the session was in the second tenant.
        var page = await browser.PostFormAsync("/settings/profile", [("name", "Changed"), ("language", "en"), ("vault-tenant", second.Id.ToString())], Ct);
        var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Ct));

        Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        Assert.Contains($"This page belonged to {second.Name}", text, StringComparison.Ordinal);
        Assert.Contains($"Go back to {second.Name}", text, StringComparison.Ordinal);
        Assert.Contains($"Go on in {first.Name}", text, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/recordings") { Content = System.Net.Http.Json.JsonContent.Create(new { title = "x" }) };
        request.Headers.Add("RequestVerificationToken", await browser.TokenAsync("/password", Ct));
        request.Headers.Add("Vault-Tenant", second.Id.ToString());
        Assert.Equal("tenant-mismatch", await SharedLink.SlugAsync(await browser.SendAsync(request, Ct), Ct));
    }

    [Fact]
    public async Task A_page_of_a_strange_tenant_names_it_not()
    {
        var (_, _, _, browser) = await MemberOfTwoAsync();
        var stranger = await TestTenant.CreateAsync(vault.Vault, Ct);

        var page = await browser.PostFormAsync("/settings/profile", [("name", "Changed"), ("language", "en"), ("vault-tenant", stranger.Id.ToString())], Ct);

        Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        Assert.DoesNotContain(stranger.Name, await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_changes_to_a_tenant_that_is_not_his_or_not_any_more()
    {
        var (first, second, member, browser) = await MemberOfTwoAsync();
        var stranger = await TestTenant.CreateAsync(vault.Vault, Ct);
        await Members.MembershipsOf.EndAsync(first, member, Ct);

        Assert.Equal(HttpStatusCode.NotFound, (await SwitchAsync(browser, stranger.Id)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SwitchAsync(browser, first.Id)).StatusCode);

        Assert.Equal(second.Id, (await Invited.StandingAsync(browser, Ct)).Tenant);
    }

    [Fact]
    public async Task Changing_over_is_no_new_sign_in()
    {
        var (first, second, _, browser) = await MemberOfTwoAsync();
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        await SwitchAsync(browser, first.Id);

        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", new { name = "x", days = 1 }, Ct), Ct));

        // The seven days count from the sign-in, however often he changes over.
        for (var i = 0; i < 15; i++)
        {
            vault.Clock.Advance(TimeSpan.FromHours(11));
            await SwitchAsync(browser, i % 2 == 0 ? second.Id : first.Id);
        }

        vault.Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_sign_in_opens_the_tenant_that_was_used_last_and_a_step_up_stays_where_it_is()
    {
        var (first, second, member, browser) = await MemberOfTwoAsync();
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        await SwitchAsync(browser, first.Id);
        using var elsewhere = new TestBrowser(vault.Vault);
        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        await elsewhere.SignInAsync(member, Ct);
        Assert.Equal(first.Id, (await Invited.StandingAsync(elsewhere, Ct)).Tenant);

        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        await SwitchAsync(elsewhere, second.Id);
        await browser.PostFormAsync(SignInAgain.Path, [("password", member.Password), ("returnTo", "/")], Ct);

        Assert.Equal(first.Id, (await Invited.StandingAsync(browser, Ct)).Tenant);
    }

    [Fact]
    public async Task Of_two_switches_of_one_session_at_once_one_happens()
    {
        var (first, second, _, browser) = await MemberOfTwoAsync();
        var token = await browser.TokenAsync("/password", Ct);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PostAsync(browser, token, second.Id, first.Id)));

        Assert.Single(answers, answer => answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith(SessionCookie.Name + "=", StringComparison.Ordinal)));
        Assert.All(answers, answer => Assert.True((int)answer.StatusCode < 500));
    }

    private static async Task<HttpResponseMessage> PostAsync(TestBrowser browser, string token, Guid pageTenant, Guid tenantId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/switch") { Content = new FormUrlEncodedContent([new("tenant", tenantId.ToString()), new("__RequestVerificationToken", token)]) };
        request.Headers.Add("Vault-Tenant", pageTenant.ToString());
        return await browser.SendAsync(request, Ct);
    }

    private static Task<HttpResponseMessage> SwitchAsync(TestBrowser browser, Guid tenantId) => browser.PostFormAsync("/switch", [("tenant", tenantId.ToString())], Ct, page: "/password");

    private static async Task<string> PageAsync(TestBrowser browser, string path) => WebUtility.HtmlDecode(await (await browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct));

    /// <summary>A Contributor of the first tenant who has just joined the second, as Admin, and works there.</summary>
    private async Task<(TestTenant First, TestTenant Second, TestMember Member, TestBrowser Browser)> MemberOfTwoAsync()
    {
        var first = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await first.AddAsync(Role.Contributor, Ct);
        var invited = await Invited.MakeAsync(vault.Vault, Ct, Role.Admin, member.Email);
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        await invited.OpenAsync(browser, Ct);
        await Invited.AcceptAsync(browser, Ct);
        Assert.Equal(invited.Tenant.Id, (await Invited.StandingAsync(browser, Ct)).Tenant);
        return (first, invited.Tenant, member, browser);
    }
}
