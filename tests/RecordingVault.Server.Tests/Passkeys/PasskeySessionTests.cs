using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Passkeys;

/// <summary>The session in which a member changes what lets him in goes on under a new id, and stays what it was.</summary>
public sealed class PasskeySessionTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_lets_the_browser_go_on_under_a_new_session_that_says_how_it_began()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        using var browser = await PasskeyBrowser.WithPasskeyAsync(clocked.Vault, tenant.Owner, Ct);
        await browser.SignInAsync(Ct);
        var before = browser.Browser.Cookie(SessionCookie.Name)!;
        using var another = new TestAuthenticator { Origin = browser.Authenticator.Origin };

        var added = await browser.SendAsync(PasskeyBrowser.Own, new { name = "Key", credential = another.Create(await browser.AskAsync(PasskeyBrowser.Own, Ct)) }, Ct);

        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        using var thief = new TestBrowser(clocked.Vault);
        thief.SetCookie(SessionCookie.Name, before);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal((true, true), await RunningAsync(tenant));
        var page = await (await browser.Browser.GetAsync("/settings/security", Ct)).Content.ReadAsStringAsync(Ct);
        var id = page[(page.IndexOf(PasskeyBrowser.Own + "/", StringComparison.Ordinal) + PasskeyBrowser.Own.Length + 1)..][..36];
        await browser.Browser.PostFormAsync($"{PasskeyBrowser.Own}/{id}/remove", [], Ct, page: "/settings/security");
        Assert.Equal((true, true), await RunningAsync(tenant));
        await browser.Browser.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "nine brown otters dive")], Ct);
        Assert.Equal((true, true), await RunningAsync(tenant));
        Assert.Equal(HttpStatusCode.OK, (await browser.Browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
    }

    /// <summary>Of the one session that runs: whether a passkey opened it, and whether it has two factors.</summary>
    private static async Task<(bool IsByPasskey, bool HasTwoFactors)> RunningAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        var session = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.AsNoTracking().SingleAsync(row => row.MemberId == tenant.Owner.Id && row.EndedAt == null, Ct);
        return (session.IsByPasskey, session.HasTwoFactors);
    }
}
