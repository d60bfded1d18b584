using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Factors;

public sealed class AuthenticatorTests(FactorVault vault) : IClassFixture<FactorVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_authenticator_counts_when_it_has_shown_a_code_and_not_before()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = await SignedInAsync(tenant.Owner);
        var (phone, offered) = await TestPhone.LookAsync(browser, vault.Clock, Ct);

        var wrong = await browser.PostFormAsync(SetUpAuthenticator.Path, [("seed", offered), ("code", "000000")], Ct);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.False((await StandingAsync(tenant)).HasAuthenticator);
        // The same secret is offered again: the app has it already.
        Assert.Contains(TimeCode.Text(phone.Seed)[..4], await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var again = new TestBrowser(vault.Vault);
        Assert.Equal("/", (await again.SignInAsync(tenant.Owner, Ct)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Setting_it_up_shows_ten_recovery_codes_ends_other_sessions_and_is_told()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var here = await SignedInAsync(tenant.Owner);
        using var elsewhere = await SignedInAsync(tenant.Owner);
        var before = here.Cookie(SessionCookie.Name);

        var phone = await TestPhone.SetUpAsync(here, vault.Clock, Ct);

        Assert.Equal(10, phone.RecoveryCodes.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEqual(before, here.Cookie(SessionCookie.Name));
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Contains("authenticator.added", await tenant.EventTypesAsync(Ct));
        Assert.Contains((tenant.Owner.Id, MemberNotice.SecondFactorOn), vault.Notices.Told);
    }

    [Fact]
    public async Task A_secret_is_taken_only_in_the_session_that_was_shown_it_and_within_a_quarter_of_an_hour()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var attacker = await SignedInAsync(member);
        using var owner = await SignedInAsync(tenant.Owner);
        var (phone, offered) = await TestPhone.LookAsync(attacker, vault.Clock, Ct);

        var foreign = await owner.PostFormAsync(SetUpAuthenticator.Path, [("seed", offered), ("code", phone.NextCode())], Ct);
        var madeUp = await owner.PostFormAsync(SetUpAuthenticator.Path, [("seed", "made-up"), ("code", phone.NextCode())], Ct);

        Assert.Equal(SetUpAuthenticator.Path, foreign.Headers.Location!.OriginalString);
        Assert.Equal(SetUpAuthenticator.Path, madeUp.Headers.Location!.OriginalString);
        vault.Clock.Advance(OfferedSeeds.Lifetime);
        await owner.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("returnTo", "/")], Ct);
        Assert.False((await StandingAsync(tenant)).HasAuthenticator);
    }

    [Fact]
    public async Task Factors_are_changed_after_a_fresh_sign_in_only()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = await SignedInAsync(tenant.Owner);
        var phone = await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        foreach (var path in new[] { SetUpAuthenticator.Path, SetUpAuthenticator.Path + "/remove", MakeRecoveryCodes.Path })
        {
            var stale = await browser.PostFormAsync(path, [("code", phone.NextCode())], Ct, page: "/password");
            Assert.StartsWith(SignInAgain.Path + "?returnTo=", stale.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        Assert.True((await StandingAsync(tenant)).HasAuthenticator);
    }

    [Fact]
    public async Task A_step_up_asks_for_password_and_code_and_goes_on_under_a_new_session()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = await SignedInAsync(tenant.Owner);
        var phone = await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        var before = browser.Cookie(SessionCookie.Name);

        var withoutCode = await AgainAsync("");
        var wrongCode = await AgainAsync("123456");
        var right = await AgainAsync(phone.NextCode());
        var twice = await AgainAsync(phone.SameCode());

        Assert.Equal(HttpStatusCode.BadRequest, withoutCode.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrongCode.StatusCode);
        Assert.Equal("/upload", right.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
        Assert.NotEqual(before, browser.Cookie(SessionCookie.Name));
        using var old = new TestBrowser(vault.Vault);
        old.SetCookie(SessionCookie.Name, before!);
        Assert.Equal(HttpStatusCode.Unauthorized, (await old.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostFormAsync(MakeRecoveryCodes.Path, [], Ct, page: "/settings/security")).StatusCode);

        Task<HttpResponseMessage> AgainAsync(string code) => browser.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("code", code), ("returnTo", "/upload")], Ct);
    }

    [Fact]
    public async Task Removing_it_ends_other_sessions_and_the_password_is_enough_again()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var here = await SignedInAsync(tenant.Owner);
        var phone = await TestPhone.SetUpAsync(here, vault.Clock, Ct);
        using var elsewhere = new TestBrowser(vault.Vault);
        await phone.SignInAsync(elsewhere, tenant.Owner, Ct);

        var removed = await here.PostFormAsync(SetUpAuthenticator.Path + "/remove", [], Ct, page: "/settings/security");

        Assert.Equal(SettingsPaths.Security, removed.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Contains("authenticator.removed", await tenant.EventTypesAsync(Ct));
        Assert.Contains((tenant.Owner.Id, MemberNotice.SecondFactorOff), vault.Notices.Told);
        using var again = new TestBrowser(vault.Vault);
        Assert.Equal("/", (await again.SignInAsync(tenant.Owner, Ct)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Who_knows_the_password_alone_adds_no_factor_beside_the_one_that_is_there()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var thief = await SignedInAsync(tenant.Owner);
        await TestPhone.AddPasskeyRowAsync(tenant, tenant.Owner, Ct);

        var page = await thief.GetAsync(SetUpAuthenticator.Path, Ct);
        var post = await thief.PostFormAsync(SetUpAuthenticator.Path, [("seed", "x"), ("code", "x")], Ct, page: "/password");
        var codes = await thief.PostFormAsync(MakeRecoveryCodes.Path, [], Ct, page: "/password");

        Assert.All([page, post, codes], answer => Assert.StartsWith(SignInAgain.Path, answer.Headers.Location!.OriginalString, StringComparison.Ordinal));
        var passkey = await thief.SendJsonAsync(HttpMethod.Post, "/settings/security/passkeys/options", new { }, Ct);
        Assert.Equal("second-factor-first", await SharedLink.SlugAsync(passkey, Ct));
        // His password shown again is still no second factor.
        await thief.PostFormAsync(SignInAgain.Path, [("password", tenant.Owner.Password), ("returnTo", "/")], Ct);
        Assert.StartsWith(SignInAgain.Path, (await thief.GetAsync(SetUpAuthenticator.Path, Ct)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_authenticator_goes_with_its_recovery_codes()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = await SignedInAsync(tenant.Owner);
        await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        await using (var scope = tenant.Enter())
        {
            foreach (var factor in scope.ServiceProvider.GetServices<ISecondFactor>())
                await factor.RemoveAsync(tenant.Owner.Id, Ct);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().SaveChangesAsync(Ct);
        }

        Assert.Equal(new FactorStanding(HasAuthenticator: false, Passkeys: 0, RecoveryCodes: 0), await StandingAsync(tenant));
        using var again = new TestBrowser(vault.Vault);
        Assert.Equal("/", (await again.SignInAsync(tenant.Owner, Ct)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_token_sets_up_nothing()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var script = await tenant.ClientAsync(Role.Owner, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await script.GetAsync(new Uri(SetUpAuthenticator.Path, UriKind.Relative), Ct)).StatusCode);
        using var form = new FormUrlEncodedContent([]);
        Assert.Equal(HttpStatusCode.Forbidden, (await script.PostAsync(new Uri(MakeRecoveryCodes.Path, UriKind.Relative), form, Ct)).StatusCode);
    }

    private async Task<TestBrowser> SignedInAsync(TestMember member)
    {
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        return browser;
    }

    private static async Task<FactorStanding> StandingAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<MemberFactors>().ReadAsync(tenant.Owner.Id, Ct);
    }
}
