using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;

namespace RecordingVault.Server.Tests.Recovery;

/// <summary>Another address for an account: both addresses agree, or nothing changes.</summary>
public sealed class AddressTests : IAsyncLifetime
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_address_changes_when_both_have_agreed(bool newFirst)
    {
        var (tenant, other) = await Reached.InTwoAsync(vault.Vault, Ct);
        var (forNew, forOld, wanted, browser) = await AskAsync(tenant.Owner);
        using var stranger = new TestBrowser(vault.Vault);

        await AnswerAsync(stranger, newFirst ? forNew : forOld, "agree");
        Assert.Equal(tenant.Owner.Email, (await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).Email);
        using var changed = await AnswerAsync(stranger, newFirst ? forOld : forNew, "agree");

        Assert.Contains("The address is changed.", await changed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var ended = await browser.GetAsync("/settings/profile", Ct);
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SignInAsync(tenant.Owner, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.SignInAsync(tenant.Owner with { Email = wanted }, Ct)).StatusCode);
        foreach (var log in new[] { tenant, other })
        {
            Assert.True(await log.HasEventAsync("member.address-change-asked", tenant.Owner.Id, Ct));
            Assert.True(await log.HasEventAsync("member.address-changed", tenant.Owner.Id, Ct));
        }

        await vault.SendAsync(Ct);
        string[] told = [(await sink.NextAsync(Ct)).To, (await sink.NextAsync(Ct)).To];
        Assert.Equal(new[] { tenant.Owner.Email, wanted }.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        browser.Dispose();
    }

    [Fact]
    public async Task One_yes_said_twice_changes_nothing()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (forNew, _, _, browser) = await AskAsync(tenant.Owner);

        await AnswerAsync(browser, forNew, "agree");
        using var again = await AnswerAsync(browser, forNew, "agree");

        Assert.Contains("You have agreed.", await again.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(tenant.Owner.Email, (await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).Email);
        browser.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_stops_it(bool byNew)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (forNew, forOld, _, browser) = await AskAsync(tenant.Owner);
        await AnswerAsync(browser, byNew ? forOld : forNew, "agree");

        using var stopped = await AnswerAsync(browser, byNew ? forNew : forOld, "stop");
        using var late = await AnswerAsync(browser, byNew ? forNew : forOld, "agree");

        Assert.Contains("It is stopped.", await stopped.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.True(await tenant.HasEventAsync("member.address-change-stopped", tenant.Owner.Id, Ct));
        browser.Dispose();
    }

    [Fact]
    public async Task He_stops_it_on_his_own_page()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (forNew, _, wanted, browser) = await AskAsync(tenant.Owner);
        using var page = await browser.GetAsync("/settings/address", Ct);
        Assert.Contains(wanted, await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        await browser.PostFormAsync("/settings/address/stop", [], Ct, page: "/settings/address");

        Assert.Equal(HttpStatusCode.Forbidden, (await AnswerAsync(browser, forNew, "agree")).StatusCode);
        browser.Dispose();
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_to_nobody_who_cannot_read_mail_at_both()
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault.Vault, Ct), await TestTenant.CreateAsync(vault.Vault, Ct));
        var (forNew, forOld, _, browser) = await AskAsync(tenant.Owner, other.Owner.Email);

        using var first = await AnswerAsync(browser, forOld, "agree");
        using var second = await AnswerAsync(browser, forNew, "agree");

        Assert.Contains("You have agreed.", await first.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        Assert.Equal(tenant.Owner.Email, (await Reached.RowAsync(tenant, tenant.Owner.Id, Ct)).Email);
        browser.Dispose();
    }

    [Fact]
    public async Task A_new_password_and_seven_days_end_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (first, _, _, browser) = await AskAsync(tenant.Owner);
        await browser.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "nine brown otters dive")], Ct);
        Assert.Equal(HttpStatusCode.Forbidden, (await AnswerAsync(browser, first, "agree")).StatusCode);
        browser.Dispose();
        await vault.SendAsync(Ct);
        await sink.NextAsync(Ct); // that the password was changed

        var (second, _, _, again) = await AskAsync(tenant.Owner with { Password = "nine brown otters dive" });
        vault.Clock.Advance(AddressChange.Life);
        Assert.Equal(HttpStatusCode.Forbidden, (await AnswerAsync(again, second, "agree")).StatusCode);
        again.Dispose();
    }

    [Fact]
    public async Task It_asks_for_a_fresh_sign_in()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var answer = await browser.PostFormAsync("/settings/address", [("email", "new@example.com")], Ct, page: "/settings/profile");

        Assert.Equal("/signin/again?returnTo=%2Fsettings%2Faddress", answer.Headers.Location?.OriginalString);
        Assert.Empty(await vault.RowsAsync(Ct));
    }

    [Fact]
    public async Task What_was_agreed_to_takes_no_other_change_that_came_in_its_place()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (_, _, wanted, browser) = await AskAsync(tenant.Owner);
        await using var scope = tenant.Enter();
        var agreed = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AddressChanges.AsNoTracking().SingleAsync(Ct);
        var (forNew, _, later, again) = await AskAsync(tenant.Owner);

        var member = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().GetAsync(tenant.Owner.Id, Ct);
        Assert.False(await scope.ServiceProvider.GetRequiredService<AddressTaking>().TakeAsync(agreed, member, wanted, Actor.System, Ct));

        using var answer = await AnswerAsync(browser, forNew, "agree");
        Assert.Contains("You have agreed.", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.NotEqual(wanted, later);
        browser.Dispose();
        again.Dispose();
    }

    [Fact]
    public async Task Nothing_of_it_stands_in_clear()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (forNew, forOld, wanted, browser) = await AskAsync(tenant.Owner);

        await using var scope = tenant.Enter();
        var row = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AddressChanges.AsNoTracking().SingleAsync(Ct);
        byte[] stored = [.. row.NewAddress.Bytes.Span, .. row.NewSecretHash, .. row.OldSecretHash];
        Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(wanted)));
        Assert.All([forNew, forOld], link => Assert.Equal(-1, stored.AsSpan().IndexOf(AccountLink.Parse(link)!.Secret)));
        browser.Dispose();
    }

    private static Task<HttpResponseMessage> AnswerAsync(TestBrowser browser, string link, string answer) =>
        browser.PostFormAsync("/address", [("link", link), ("answer", answer)], Ct);

    /// <summary>Asks on the page, and takes the links out of the two letters.</summary>
    private async Task<(string ForNew, string ForOld, string Wanted, TestBrowser Browser)> AskAsync(TestMember member, string? address = null)
    {
        var wanted = address ?? $"new-{Guid.NewGuid():N}@example.com";
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        using var asked = await browser.PostFormAsync("/settings/address", [("email", wanted)], Ct);
        Assert.Equal("/settings/address", asked.Headers.Location?.OriginalString);
        await vault.SendAsync(Ct);
        ReceivedLetter[] letters = [await sink.NextAsync(Ct), await sink.NextAsync(Ct)];
        return (
            Reached.LinkIn(letters.Single(letter => letter.To == wanted), "address"),
            Reached.LinkIn(letters.Single(letter => letter.To == member.Email), "address"),
            wanted,
            browser);
    }
}
