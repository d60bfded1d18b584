using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Factors;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;
using RecordingVault.Server.Tests.Members;
using RecordingVault.Server.Tests.Recovery;

namespace RecordingVault.Server.Tests.Joining;

/// <summary>Whoever invites an address must not be able to leave something of his in the account that its reader comes to use (docs/decisions/0126).</summary>
public sealed class ProvedAddressTests : IAsyncLifetime
{
    private const string NewPassword = "seven quiet otters swim";

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
    public async Task Where_a_letter_carries_the_link_nobody_else_is_shown_it()
    {
        var invited = await Invited.MakeAsync(vault.Vault, Ct);
        var page = await invited.Owner.PostFormAsync("/settings/members/invite", [("email", "page@example.com"), ("role", "Viewer")], Ct, page: "/settings/members");
        var renewed = await invited.Owner.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/invitations/{invited.Id}/renew", new { }, Ct);

        Assert.True(invited.Made.GetProperty("mailed").GetBoolean());
        Assert.DoesNotContain("/join#", invited.Made.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("/join#", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.DoesNotContain("/join#", await renewed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_letter_can_be_written_the_link_is_shown_and_not_called_mailed()
    {
        // Mail knows no address with two dots in a row, and an account may have one: its person is reached by hand.
        var invited = await Invited.MakeAsync(vault.Vault, Ct, email: "first..last@example.com");

        Assert.False(invited.Made.GetProperty("mailed").GetBoolean());
        Assert.Contains("/join#", invited.Url, StringComparison.Ordinal);
        Assert.Empty(await vault.RowsAsync(Ct));
    }

    [Fact]
    public async Task An_account_made_by_a_mailed_link_is_proved_and_one_made_by_hand_is_not()
    {
        var mailed = await Invited.MakeAsync(vault.Vault, Ct);
        using var reader = new TestBrowser(vault.Vault);
        await Invited.OpenAsync(reader, await MailedLinkAsync(mailed.Email), Ct);
        await Invited.MakeAccountAsync(reader, Ct);
        var (byHand, _) = await PlantedAsync();

        Assert.True((await RowAsync(mailed.Email)).IsAddressProved);
        Assert.False((await RowAsync(byHand)).IsAddressProved);
    }

    [Fact]
    public async Task What_a_maker_left_in_an_account_ends_when_its_reader_first_shows_the_address_by_a_mailed_reset()
    {
        var (email, planted) = await PlantedAsync();
        var token = await TokenAsync(planted);

        using var victim = new TestBrowser(vault.Vault);
        await victim.PostFormAsync("/forgotten", [("email", email)], Ct);
        using var done = await victim.PostFormAsync("/reset", [("link", await Reached.LinkAsync(vault, sink, "reset", Ct)), ("newPassword", NewPassword)], Ct);

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        await AssertNothingIsLeftAsync(email, planted, token);
        Assert.Equal("/", (await victim.SignInAsync(planted.Member with { Password = NewPassword }, Ct)).Headers.Location!.OriginalString);
        Assert.True(await planted.Tenant.HasEventAsync("member.address-proved", planted.Member.Id, Ct));
    }

    [Fact]
    public async Task A_proved_account_keeps_its_second_factor_through_a_mailed_reset()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await TestPhone.AddPasskeyRowAsync(tenant, tenant.Owner, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.PostFormAsync("/forgotten", [("email", tenant.Owner.Email)], Ct);

        await browser.PostFormAsync("/reset", [("link", await Reached.LinkAsync(vault, sink, "reset", Ct)), ("newPassword", NewPassword)], Ct);

        Assert.Equal(SignIn.CodePath, (await browser.SignInAsync(tenant.Owner with { Password = NewPassword }, Ct)).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task An_unproved_account_joins_another_tenant_by_its_letter_with_all_made_anew_and_not_as_it_stands()
    {
        var (email, planted) = await PlantedAsync();
        var token = await TokenAsync(planted);
        vault.Clock.Advance(TimeSpan.FromMinutes(1)); // the newer of two organisations opens
        var invited = await Invited.MakeAsync(vault.Vault, Ct, Role.Admin, email);
        var link = await MailedLinkAsync(email);
        using var victim = new TestBrowser(vault.Vault);
        await Invited.OpenAsync(victim, link, Ct);
        // Whoever knows the account's password joins with it no more than who does not.
        planted.Browser.SetCookie("__Host-rv-join", victim.Cookie("__Host-rv-join")!);
        Assert.Equal(HttpStatusCode.Conflict, (await Invited.AcceptAsync(planted.Browser, Ct)).StatusCode);
        var page = await (await victim.GetAsync("/join/open", Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains("nobody has shown yet that it is yours", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Found, (await Invited.MakeAccountAsync(victim, Ct, "Vera Victim", NewPassword)).StatusCode);

        Assert.Equal((invited.Tenant.Id, "Admin"), await Invited.StandingAsync(victim, Ct));
        await AssertNothingIsLeftAsync(email, planted, token);
        Assert.Contains("member.joined", await invited.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task An_unproved_account_that_was_invited_by_hand_sets_a_new_password_by_mail_first()
    {
        var (email, planted) = await PlantedAsync();
        var invited = await ByHandAsync(email);
        using var victim = new TestBrowser(vault.Vault);
        await Invited.OpenAsync(victim, invited.Link, Ct);
        var page = await (await victim.GetAsync("/join/open", Ct)).Content.ReadAsStringAsync(Ct);
        planted.Browser.SetCookie("__Host-rv-join", victim.Cookie("__Host-rv-join")!);

        Assert.Contains("/forgotten", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Invited.AcceptAsync(planted.Browser, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Invited.MakeAccountAsync(victim, Ct)).StatusCode);

        await ProveAsync(planted.Member);
        await victim.SignInAsync(planted.Member, Ct, "/join/open");
        Assert.Equal(HttpStatusCode.Found, (await Invited.AcceptAsync(victim, Ct)).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unproved_account_comes_back_to_its_tenant_as_long_as_it_belongs_to_no_other(bool belongsElsewhere)
    {
        var (email, planted) = await PlantedAsync();
        await MembershipsOf.EndAsync(planted.Tenant, planted.Member, Ct);
        if (belongsElsewhere)
            await MembershipsOf.JoinAsync(await TestTenant.CreateAsync(vault.Vault, Ct), planted.Member, Role.Viewer, Ct);
        var invited = await ByHandAsync(email, planted.Tenant);

        var proved = await vault.Vault.Services.GetRequiredService<InvitationDoor>().ProveAsync(InvitationLink.Parse(invited.Link)!, Ct);
        var outcome = await vault.Vault.Services.GetRequiredService<InvitationAcceptance>().AcceptAsync(proved!, planted.Member.Id, Actor.System, Ct);

        Assert.Equal(belongsElsewhere ? NeededProof.ByReset : NeededProof.None, proved!.Proof);
        Assert.Equal(belongsElsewhere ? JoinOutcome.Unproved : JoinOutcome.Joined, outcome);
    }

    [Fact]
    public async Task An_unproved_account_that_takes_two_handed_links_at_the_same_moment_joins_by_one_of_them()
    {
        var (email, planted) = await PlantedAsync();
        var other = await TestTenant.CreateAsync(vault.Vault, Ct);
        await MembershipsOf.JoinAsync(other, planted.Member, Role.Viewer, Ct);
        await MembershipsOf.EndAsync(other, planted.Member, Ct);
        await MembershipsOf.EndAsync(planted.Tenant, planted.Member, Ct);
        var (first, second) = (await ProvedAsync(await ByHandAsync(email, planted.Tenant)), await ProvedAsync(await ByHandAsync(email, other)));
        using var late = new ManualResetEventSlim();
        // The first has looked and is about to save; it waits until the second is done, or can't be before the first is.
        using var saving = DatabaseEvents.WhenSaving(planted.Tenant.Id, _ => late.Wait(TimeSpan.FromSeconds(3), Ct));
        var acceptance = vault.Vault.Services.GetRequiredService<InvitationAcceptance>();

        var joining = Task.Run(() => acceptance.AcceptAsync(first, planted.Member.Id, Actor.System, Ct), Ct);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Ct);
        var outcome = await acceptance.AcceptAsync(second, planted.Member.Id, Actor.System, Ct);
        late.Set();

        Assert.Equal([JoinOutcome.Joined, JoinOutcome.Unproved], [await joining, outcome]);
    }

    [Fact]
    public async Task A_link_that_an_owner_made_and_saw_puts_the_account_in_doubt_again()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = new TestBrowser(vault.Vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        var made = await owner.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{member.Id}/reset-link", null, Ct);
        var link = (await made.Content.ReadAsStringAsync(Ct)).Split('#')[1].Split('"')[0];

        await owner.PostFormAsync("/reset", [("link", link), ("newPassword", NewPassword)], Ct, page: "/settings/profile");

        Assert.False((await RowAsync(member.Email)).IsAddressProved);
    }

    private async Task<ProvedInvitation> ProvedAsync(Invited invited) =>
        (await vault.Vault.Services.GetRequiredService<InvitationDoor>().ProveAsync(InvitationLink.Parse(invited.Link)!, Ct))!;

    private sealed record Planted(TestTenant Tenant, TestMember Member, TestBrowser Browser);

    /// <summary>A hostile owner's work: he uses the link that he was shown, and leaves a passkey in the account.</summary>
    private async Task<(string Email, Planted Planted)> PlantedAsync()
    {
        var invited = await ByHandAsync($"victim-{Guid.NewGuid():N}@example.com");
        var browser = new TestBrowser(vault.Vault);
        await Invited.OpenAsync(browser, invited.Link, Ct);
        await Invited.MakeAccountAsync(browser, Ct, password: "mine until you notice it");
        var row = await RowAsync(invited.Email);
        var member = new TestMember(row.Id, invited.Email, "Ida Invited", "mine until you notice it", Role.Contributor);
        await TestPhone.AddPasskeyRowAsync(invited.Tenant, member, Ct);
        return (invited.Email, new Planted(invited.Tenant, member, browser));
    }

    /// <summary>An invitation as a vault without mail makes it.</summary>
    private async Task<Invited> ByHandAsync(string email, TestTenant? tenant = null)
    {
        var invited = await Invited.MakeAsync(vault.Vault, Ct, email: email, tenant: tenant);
        var link = await MailedLinkAsync(email);
        await using var scope = invited.Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Invitations.ExecuteUpdateAsync(set => set.SetProperty(row => row.IsMailed, false), Ct);
        return invited with { Handed = link };
    }

    private async Task<string> MailedLinkAsync(string email)
    {
        await vault.SendAsync(Ct);
        while (true)
        {
            var letter = await sink.NextAsync(Ct);
            if (letter.To == email)
                return letter.Text.Split('\n').First(line => line.StartsWith("http://localhost/join#", StringComparison.Ordinal)).Split('#')[1];
        }
    }

    private static Task<string> TokenAsync(Planted planted) => planted.Tenant.TokenAsync(planted.Member, Role.Contributor, Ct);

    private async Task ProveAsync(TestMember member)
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await db.UserPasskeys.Where(passkey => passkey.UserId == member.Id).ExecuteDeleteAsync(Ct);
        await db.Users.Where(row => row.Id == member.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EmailConfirmed, true), Ct);
    }

    private async Task<Member> RowAsync(string email)
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<MemberDirectory>().FindAsync(email, Ct))!;
    }

    private async Task AssertNothingIsLeftAsync(string email, Planted planted, string token)
    {
        Assert.True((await RowAsync(email)).IsAddressProved);
        Assert.Equal(HttpStatusCode.Unauthorized, (await planted.Browser.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        using var script = vault.Vault.Client();
        script.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        await using var scope = planted.Tenant.Enter();
        Assert.False(await scope.ServiceProvider.GetRequiredService<VaultDbContext>().UserPasskeys.AnyAsync(passkey => passkey.UserId == planted.Member.Id, Ct));
        Assert.Equal(HttpStatusCode.Unauthorized, (await planted.Browser.SignInAsync(planted.Member, Ct)).StatusCode);
    }
}
