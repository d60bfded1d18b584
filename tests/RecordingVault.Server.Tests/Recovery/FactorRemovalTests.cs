using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Factors;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;
using RecordingVault.Server.Tests.Members;

namespace RecordingVault.Server.Tests.Recovery;

/// <summary>A lost second factor: an Owner asks, the member is told and has a day.</summary>
public sealed class FactorRemovalTests : IAsyncLifetime
{
    private MailSink sink = null!;
    private MailingVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sink = await MailSink.StartAsync();
        vault = await MailingVault.StartAsync(sink.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task After_a_day_it_comes_off_with_all_sessions()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (member, session) = await WithFactorAsync(tenant);
        Assert.Equal(HttpStatusCode.Accepted, await AskAsync(tenant.Owner, member.Id));
        await vault.SendAsync(Ct);
        var told = await sink.NextAsync(Ct);

        await PassAsync(FactorRemoval.Delay - TimeSpan.FromMinutes(1));
        Assert.True(await HasFactorAsync(tenant, member.Id));
        await PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(member.Email, told.To);
        Assert.Contains($"{tenant.Owner.Name} ({tenant.Name}) asks to take the second factor off", told.Text, StringComparison.Ordinal);
        Assert.Contains("When: 23 November 2026, 09:00 UTC", told.Text, StringComparison.Ordinal);
        Assert.False(await HasFactorAsync(tenant, member.Id));
        // Whoever asked may know the password, so what is set up from here on is the member's when he has shown his address anew.
        Assert.False((await Reached.RowAsync(tenant, member.Id, Ct)).IsAddressProved);
        using var ended = await session.GetAsync("/settings/profile", Ct);
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.True(await tenant.HasEventAsync("member.factor-removal-asked", member.Id, Ct));
        Assert.True(await tenant.HasEventAsync("member.factors-removed", member.Id, Ct));
        await vault.SendAsync(Ct);
        var removed = await sink.NextAsync(Ct);
        Assert.Equal("Your second factors were taken off", removed.Message.Subject);
        Assert.Contains("authenticator app, recovery codes and passkeys", removed.Text, StringComparison.Ordinal);
        session.Dispose();
    }

    [Fact]
    public async Task Each_page_of_the_members_tells_him_and_stops_it_with_one_press()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (member, session) = await WithFactorAsync(tenant);
        await AskAsync(tenant.Owner, member.Id);
        using var page = await session.GetAsync("/", Ct);
        Assert.Contains("Keep my second factor", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        await session.PostFormAsync(StopRemoval.OwnPath, [("returnTo", "/")], Ct, page: "/");
        await PassAsync(FactorRemoval.Delay);

        Assert.True(await HasFactorAsync(tenant, member.Id));
        Assert.True(await tenant.HasEventAsync("member.factor-removal-stopped", member.Id, Ct));
        using var after = await session.GetAsync("/settings/profile", Ct);
        Assert.DoesNotContain("Keep my second factor", await after.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        session.Dispose();
    }

    [Fact]
    public async Task The_link_in_the_letter_stops_it_without_a_sign_in_and_once()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (member, session) = await WithFactorAsync(tenant);
        await AskAsync(tenant.Owner, member.Id);
        var link = await Reached.LinkAsync(vault, sink, "removal", Ct);
        using var browser = new TestBrowser(vault.Vault);

        using var stopped = await browser.PostFormAsync("/removal", [("link", link)], Ct);
        using var again = await browser.PostFormAsync("/removal", [("link", link)], Ct);
        await PassAsync(FactorRemoval.Delay);

        Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        Assert.True(await HasFactorAsync(tenant, member.Id));
        session.Dispose();
    }

    [Fact]
    public async Task Whoever_shows_a_second_factor_keeps_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        using var session = new TestBrowser(vault.Vault);
        await session.SignInAsync(member, Ct);
        var phone = await TestPhone.SetUpAsync(session, vault.Clock, Ct);
        await TestPhone.AddPasskeyRowAsync(tenant, member, Ct);
        Assert.Equal(HttpStatusCode.Accepted, await AskAsync(tenant.Owner, member.Id));
        using var browser = new TestBrowser(vault.Vault);

        await phone.SignInAsync(browser, member, Ct);
        await PassAsync(FactorRemoval.Delay);

        Assert.True(await HasFactorAsync(tenant, member.Id));
        Assert.True(await tenant.HasEventAsync("member.factor-removal-stopped", member.Id, Ct));
    }

    [Fact]
    public async Task Only_an_owner_asks_and_never_for_himself()
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault.Vault, Ct), await TestTenant.CreateAsync(vault.Vault, Ct));
        var (member, session) = await WithFactorAsync(tenant);
        var admin = await tenant.AddAsync(Role.Admin, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(admin, member.Id));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(tenant.Owner, tenant.Owner.Id));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(other.Owner, member.Id));
        Assert.Equal(HttpStatusCode.Conflict, await AskAsync(tenant.Owner, admin.Id)); // he has none
        var script = await tenant.ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, (await script.PostAsync($"/api/v1/members/{member.Id}/second-factor-removal", null, Ct)).StatusCode);
        session.Dispose();
    }

    [Fact]
    public async Task An_owner_of_one_tenant_weakens_no_account_in_another()
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault.Vault, Ct), await TestTenant.CreateAsync(vault.Vault, Ct));
        var (member, session) = await WithFactorAsync(tenant);
        await Reached.JoinAsync(other, member.Id, Role.Viewer, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(tenant.Owner, member.Id));

        await Reached.JoinAsync(other, tenant.Owner.Id, Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.Accepted, await AskAsync(tenant.Owner, member.Id));
        Assert.True(await other.HasEventAsync("member.factor-removal-asked", member.Id, Ct));
        session.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_lost_the_right_meanwhile_takes_nothing_off(bool memberJoinedElsewhere)
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault.Vault, Ct), await TestTenant.CreateAsync(vault.Vault, Ct));
        var (member, session) = await WithFactorAsync(tenant);
        var second = await tenant.AddAsync(Role.Owner, Ct);
        await AskAsync(second, member.Id);
        if (memberJoinedElsewhere)
            await Reached.JoinAsync(other, member.Id, Role.Viewer, Ct);
        else
            await MembershipsOf.ChangeRoleAsync(tenant, second, Role.Admin, Ct);

        await PassAsync(FactorRemoval.Delay);

        Assert.True(await HasFactorAsync(tenant, member.Id));
        Assert.True(await tenant.HasEventAsync("member.factor-removal-stopped", member.Id, Ct));
        session.Dispose();
    }

    private async Task<HttpStatusCode> AskAsync(TestMember asker, Guid memberId)
    {
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(asker, Ct);
        using var answer = await browser.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{memberId}/second-factor-removal", null, Ct);
        return answer.StatusCode;
    }

    private async Task PassAsync(TimeSpan time)
    {
        vault.Clock.Advance(time);
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<RemoveFactorsJob>(scope.ServiceProvider).RunAsync(Ct);
    }

    /// <summary>A member who is signed in and has a second factor since.</summary>
    private async Task<(TestMember Member, TestBrowser Session)> WithFactorAsync(TestTenant tenant)
    {
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        await TestPhone.AddPasskeyRowAsync(tenant, member, Ct);
        return (member, browser);
    }

    private static async Task<bool> HasFactorAsync(TestTenant tenant, Guid memberId)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().UserPasskeys.AnyAsync(passkey => passkey.UserId == memberId, Ct);
    }
}
