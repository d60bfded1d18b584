using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Passkeys;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Factors;

/// <summary>A tenant that asks its members for two factors.</summary>
public sealed class TwoFactorRuleTests(FactorVault vault) : IClassFixture<FactorVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_came_in_with_one_factor_gets_the_way_to_a_second_one_and_out_and_nothing_else()
    {
        var (tenant, _, _) = await StrictAsync();
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);

        foreach (var path in new[] { "/", "/upload", "/settings/profile" })
            Assert.Equal(TwoFactorsNeeded.Path, (await browser.GetAsync(path, Ct)).Headers.Location?.OriginalString);
        var api = await browser.GetAsync("/api/v1/tenant", Ct);
        Assert.Equal(HttpStatusCode.Forbidden, api.StatusCode);
        Assert.Equal("two-factors-needed", await SharedLink.SlugAsync(api, Ct));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostFormAsync("/settings/profile", [("name", "X"), ("language", "de")], Ct, page: TwoFactorsNeeded.Path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(TwoFactorsNeeded.Path, Ct)).StatusCode);

        await TestPhone.SetUpAsync(browser, vault.Clock, Ct);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.PostFormAsync("/signout", [], Ct, page: "/password")).StatusCode);
    }

    [Fact]
    public async Task Sessions_and_tokens_that_were_open_before_are_held_at_once()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        using var script = await ScriptAsync(tenant, member);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(script));

        await RequireAsync(tenant);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(script));
        await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(script));
    }

    [Fact]
    public async Task What_runs_already_is_over_where_one_factor_was_shown()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var session = await db.Sessions.SingleAsync(row => row.MemberId == member.Id, Ct);
        var pass = new MemberPass(member.Id, session.Id, null);
        Assert.NotNull(await MemberStanding.ReadAsync(db, pass, vault.Clock.GetUtcNow(), Ct));

        await RequireAsync(tenant);

        Assert.Null(await MemberStanding.ReadAsync(db, pass, vault.Clock.GetUtcNow(), Ct));
    }

    [Fact]
    public async Task A_member_with_a_second_factor_who_came_in_without_it_shows_it_and_adds_none()
    {
        var (tenant, _, _) = await StrictAsync();
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        using var thief = new TestBrowser(vault.Vault);
        await thief.SignInAsync(member, Ct);
        await TestPhone.AddPasskeyRowAsync(tenant, member, Ct);

        var page = await (await thief.GetAsync(TwoFactorsNeeded.Path, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("Show your second factor", page, StringComparison.Ordinal);
        Assert.StartsWith(SignInAgain.Path, (await thief.GetAsync(SetUpAuthenticator.Path, Ct)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_second_factor_stays_while_a_tenant_asks_for_two()
    {
        var (tenant, phone, browser) = await StrictAsync();

        var refused = await browser.PostFormAsync(SetUpAuthenticator.Path + "/remove", [], Ct, page: "/settings/security");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("last-factor", await SharedLink.SlugAsync(refused, Ct));
        using var again = new TestBrowser(vault.Vault);
        await phone.SignInAsync(again, tenant.Owner, Ct);
        await TestPhone.AddPasskeyRowAsync(tenant, tenant.Owner, Ct);
        Assert.Equal(HttpStatusCode.Redirect, (await again.PostFormAsync(SetUpAuthenticator.Path + "/remove", [], Ct, page: "/settings/security")).StatusCode);
    }

    [Fact]
    public async Task The_last_passkey_stays_while_a_tenant_asks_for_two()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var device = await PasskeyBrowser.WithPasskeyAsync(vault.Vault, tenant.Owner, Ct);
        var browser = device.Browser;
        await device.SignInAsync(Ct, path: PasskeyBrowser.Again);
        await SetAsync(browser, "true");
        var page = await (await browser.GetAsync("/settings/security", Ct)).Content.ReadAsStringAsync(Ct);
        var remove = page[page.IndexOf(PasskeyBrowser.Own + "/", StringComparison.Ordinal)..].Split('/')[4];

        var refused = await browser.PostFormAsync($"{PasskeyBrowser.Own}/{remove}/remove", [], Ct, page: "/settings/security");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("last-factor", await SharedLink.SlugAsync(refused, Ct));
        await TestPhone.AddPasskeyRowAsync(tenant, tenant.Owner, Ct);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.PostFormAsync($"{PasskeyBrowser.Own}/{remove}/remove", [], Ct, page: "/settings/security")).StatusCode);
    }

    [Fact]
    public async Task An_owner_asks_for_two_who_came_in_with_two_and_has_just_signed_in()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var withOne = await SetAsync(browser, "true");
        var phone = await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        var withTwo = await SetAsync(browser, "true");
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        var stale = await SetAsync(browser, "false");

        Assert.Equal("owner-needs-two-factors", await SharedLink.SlugAsync(withOne, Ct));
        Assert.Equal("/settings/organisation", withTwo.Headers.Location!.OriginalString);
        Assert.StartsWith(SignInAgain.Path, stale.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await browser.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("code", phone.NextCode()), ("returnTo", "/")], Ct);
        await SetAsync(browser, "false");
        var types = await tenant.EventTypesAsync(Ct);
        Assert.Contains("two-factors.required", types);
        Assert.Contains("two-factors.not-required", types);
    }

    [Theory]
    [InlineData("Admin")]
    [InlineData("Contributor")]
    [InlineData("Viewer")]
    [InlineData("Auditor")]
    public async Task Nobody_else_decides_it(string name)
    {
        var role = Enum.Parse<Role>(name);
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(role, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        var script = await tenant.ClientAsync(Role.Owner, Ct);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("required", "true")]);

        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(browser, "true")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await script.PostAsync(new Uri(SetTwoFactorRule.Path, UriKind.Relative), form, Ct)).StatusCode);
    }

    [Fact]
    public async Task The_rule_of_one_tenant_holds_nobody_in_another()
    {
        await StrictAsync();
        var other = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(other.Owner, Ct);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    private static Task<HttpResponseMessage> SetAsync(TestBrowser browser, string required) =>
        browser.PostFormAsync(SetTwoFactorRule.Path, [("required", required)], Ct, page: "/settings/security");

    private async Task<(TestTenant Tenant, TestPhone Phone, TestBrowser Browser)> StrictAsync()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var phone = await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        await SetAsync(browser, "true");
        return (tenant, phone, browser);
    }

    private static async Task RequireAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<TwoFactorRule>().SetAsync(true, Actor.System, Ct);
    }

    private async Task<HttpClient> ScriptAsync(TestTenant tenant, TestMember member)
    {
        var client = vault.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await tenant.TokenAsync(member, member.Role, Ct));
        return client;
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient script) => (await script.GetAsync(new Uri("/api/v1/tenant", UriKind.Relative), Ct)).StatusCode;
}
