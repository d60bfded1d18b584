using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Factors;

/// <summary>What opens more than was open asks a session for all that the member has set up, and not for its password alone.</summary>
public sealed class SecondFactorShownTests(FactorVault vault) : IClassFixture<FactorVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/api/v1/tokens")]
    [InlineData("POST", "/api/v1/members/invitations")]
    [InlineData("PATCH", "/api/v1/members/{id}")]
    [InlineData("DELETE", "/api/v1/members/{id}")]
    [InlineData("POST", "/api/v1/members/{id}/reset-link")]
    [InlineData("POST", "/api/v1/members/{id}/second-factor-removal")]
    [InlineData("POST", "/settings/security/passkeys/options")]
    public async Task The_api_names_the_second_factor(string method, string path)
    {
        var (tenant, thief) = await HouseAsync();
        var other = await tenant.AddAsync(Role.Viewer, Ct);

        var answer = await thief.SendJsonAsync(new HttpMethod(method), path.Replace("{id}", other.Id.ToString(), StringComparison.Ordinal), method == "PATCH" ? new { role = "Viewer" } : new { email = "a@example.com", role = "Viewer", name = "x" }, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("second-factor-first", await SharedLink.SlugAsync(answer, Ct));
        thief.Dispose();
    }

    [Theory]
    [InlineData("/settings/tokens", "/settings/tokens")]
    [InlineData("/settings/members/invite", "/settings/members")]
    [InlineData("/settings/address", "/settings/profile")]
    [InlineData("/settings/two-factors", "/settings/organisation")]
    [InlineData("/audit/export", "/settings/profile")]
    public async Task A_form_leads_to_where_it_is_shown(string path, string page)
    {
        var (_, thief) = await HouseAsync();

        var answer = await thief.PostFormAsync(path, [("email", "a@example.com"), ("required", "true"), ("role", "Viewer")], Ct, page: page);

        Assert.StartsWith(SignInAgain.Path, answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        thief.Dispose();
    }

    [Fact]
    public async Task A_new_password_makes_an_old_session_no_fresher()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        await TestPhone.SetUpAsync(browser, vault.Clock, Ct);
        Assert.Equal(HttpStatusCode.Created, (await MakeTokenAsync(browser)).StatusCode);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        var changed = await browser.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "nine brown otters dive")], Ct);

        Assert.Equal("/", changed.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(await MakeTokenAsync(browser), Ct));
        // Nor does it live longer than from the sign-in with which it began.
        await using var scope = tenant.Enter();
        var session = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.AsNoTracking().SingleAsync(row => row.MemberId == tenant.Owner.Id && row.EndedAt == null, Ct);
        Assert.Equal(FreshSignIn.Limit + TimeSpan.FromSeconds(1), vault.Clock.GetUtcNow() - session.SignedInAt);
        Assert.Equal(vault.Clock.GetUtcNow(), session.LastSeenAt);
    }

    private static Task<HttpResponseMessage> MakeTokenAsync(TestBrowser browser) =>
        browser.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", new { name = "night script", days = 1 }, Ct);

    /// <summary>An owner's session that began with the password alone, and a second factor that came afterwards, of which it shows nothing.</summary>
    private async Task<(TestTenant Tenant, TestBrowser Thief)> HouseAsync()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var thief = new TestBrowser(vault.Vault);
        await thief.SignInAsync(tenant.Owner, Ct);
        await TestPhone.AddPasskeyRowAsync(tenant, tenant.Owner, Ct);
        return (tenant, thief);
    }
}
