using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MailKit.Net.Smtp;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Joining;
using RecordingVault.Server.Tests.Recovery;

namespace RecordingVault.Server.Tests.Mail;

/// <summary>Mail is set up and does not arrive: who counts on a letter sees it where he sent it, why, and has another way (docs/decisions/0130).</summary>
public sealed class UndeliveredTests : IAsyncLifetime
{
    private const string Refused = "The mail server refused this address. It is not tried again.";

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
    public async Task An_invitation_that_the_recipients_server_refuses_says_so_to_whoever_invites_and_a_link_can_be_handed_over()
    {
        sink.Refuses = _ => true; // answers 550
        var invited = await Invited.MakeAsync(vault.Vault, Ct);
        Assert.Equal(("waiting", null), await DeliveryAsync(invited));
        await vault.SendAsync(Ct);

        Assert.Equal(("failed", Refused), await DeliveryAsync(invited));
        var page = await PageAsync(invited.Owner, "/settings/members");
        Assert.Contains($"The letter did not arrive. {Refused}", page, StringComparison.Ordinal);
        Assert.Contains("<strong>1 invitation</strong> did not arrive by mail.", await PageAsync(invited.Owner, "/"), StringComparison.Ordinal);
        using var made = await invited.Owner.PostFormAsync($"/settings/members/invitations/{invited.Id}/renew", [("byHand", "true")], Ct, page: "/settings/members");
        var link = LinkIn(await made.Content.ReadAsStringAsync(Ct));

        Assert.Equal((null, null), await DeliveryAsync(invited));
        Assert.DoesNotContain("did not arrive", await PageAsync(invited.Owner, "/settings/members"), StringComparison.Ordinal);
        using var ida = await (invited with { Handed = link }).JoinAsync(Ct);
        Assert.Equal((invited.Tenant.Id, "Contributor"), await Invited.StandingAsync(ida, Ct));
        // Whoever invited held the link too, so nothing shows yet whose the account is.
        Assert.False(await IsProvedAsync(invited.Email));
        var renewed = (await invited.Tenant.EventsAsync(Ct)).First(line => line.GetProperty("type").GetString() == "invitation.renewed");
        Assert.Equal("shown", renewed.GetProperty("details").GetProperty("link").GetString());
    }

    [Fact]
    public async Task A_link_that_is_handed_over_ends_the_mailed_one_and_takes_its_letter_back()
    {
        var invited = await Invited.MakeAsync(vault.Vault, Ct);
        using var made = await invited.Owner.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/invitations/{invited.Id}/renew", new { byHand = true }, Ct);
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>(Ct);
        await vault.SendAsync(Ct);

        Assert.False(answer.GetProperty("mailed").GetBoolean());
        Assert.Contains("/join#", answer.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, sink.Waiting);
        Assert.Empty(await vault.RowsAsync(Ct));
    }

    [Fact]
    public async Task A_withdrawn_invitation_takes_its_letter_back()
    {
        var invited = await Invited.MakeAsync(vault.Vault, Ct);
        using var withdrawn = await invited.Owner.SendJsonAsync(HttpMethod.Delete, $"/api/v1/members/invitations/{invited.Id}", null, Ct);
        await vault.SendAsync(Ct);

        Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task While_the_server_is_away_the_page_says_that_it_is_tried_again_and_then_that_it_is_sent()
    {
        var invited = await Invited.MakeAsync(vault.Vault, Ct);
        await sink.DisposeAsync();
        await vault.SendAsync(Ct);
        Assert.Equal(("failing", "The vault’s mail server can’t be reached. It is tried again."), await DeliveryAsync(invited));

        sink = await MailSink.StartAsync(sink.Port);
        vault.Clock.Advance(SendMailJob.WaitAfter(1));
        await vault.SendAsync(Ct);

        Assert.Equal(("sent", null), await DeliveryAsync(invited));
        Assert.Contains("The letter is sent.", await PageAsync(invited.Owner, "/settings/members"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leads_sees_that_a_members_own_letter_did_not_arrive_until_one_does()
    {
        sink.Refuses = _ => true;
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = await SignedInAsync(tenant);
        using var forgetful = new TestBrowser(vault.Vault);
        await forgetful.PostFormAsync("/forgotten", [("email", member.Email)], Ct);
        await SendAllAsync();

        Assert.Contains($"A letter did not arrive. {Refused}", await PageAsync(owner, "/settings/members"), StringComparison.Ordinal);
        Assert.Contains("A letter to this address did not arrive.", await PageAsync(owner, $"/settings/members/{member.Id}"), StringComparison.Ordinal);
        Assert.Equal(Refused, await MailFailureAsync(owner, member));
        // He hands over a link instead, as where there is no mail.
        using var made = await owner.PostFormAsync($"/settings/members/{member.Id}/reset-link", [], Ct, page: $"/settings/members/{member.Id}");
        Assert.Contains("/reset#", await made.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        sink.Refuses = _ => false;
        await vault.TellAsync(member.Id, MemberNotice.PasswordChanged, Ct);
        await vault.SendAsync(Ct);
        Assert.Null(await MailFailureAsync(owner, member));
        Assert.DoesNotContain("did not arrive", await PageAsync(owner, "/settings/members"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_a_second_factor_to_come_off_reads_that_letters_do_not_arrive()
    {
        sink.Refuses = _ => true;
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        await Factors.TestPhone.AddPasskeyRowAsync(tenant, member, Ct);
        using var owner = await SignedInAsync(tenant);
        await vault.TellAsync(member.Id, MemberNotice.PasswordChanged, Ct);
        await vault.SendAsync(Ct);

        using var asked = await owner.PostFormAsync($"/settings/members/{member.Id}/second-factor", [], Ct, page: $"/settings/members/{member.Id}");
        var page = WebUtility.HtmlDecode(await asked.Content.ReadAsStringAsync(Ct));

        Assert.Contains("Letters to this address don’t arrive.", page, StringComparison.Ordinal);
        Assert.Contains($"{Refused} Tell {member.Name} yourself.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_change_of_address_the_member_reads_which_letter_did_not_arrive_and_a_new_address_begins_anew()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var owner = await SignedInAsync(tenant);
        sink.Refuses = address => address.StartsWith("wanted", StringComparison.Ordinal);
        await owner.PostFormAsync("/settings/address", [("email", "wanted@example.com")], Ct);
        await vault.SendAsync(Ct);
        Assert.Contains($"Letter to wanted@example.com: did not arrive. {Refused}", await PageAsync(owner, "/settings/address"), StringComparison.Ordinal);

        sink.Refuses = _ => true;
        await vault.TellAsync(tenant.Owner.Id, MemberNotice.PasswordChanged, Ct);
        await vault.SendAsync(Ct);
        Assert.Equal(Refused, await MailFailureAsync(owner, tenant.Owner));
        await using (var scope = vault.Vault.Services.CreateAsyncScope())
        {
            var row = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().GetAsync(tenant.Owner.Id, Ct);
            Assert.True(await scope.ServiceProvider.GetRequiredService<AddressTaking>().TakeAsync(row, "moved@example.com", Actor.System, Ct));
        }

        using var again = new TestBrowser(vault.Vault);
        await again.SignInAsync(tenant.Owner with { Email = "moved@example.com" }, Ct);
        Assert.Null(await MailFailureAsync(again, tenant.Owner));
    }

    [Fact]
    public void Every_failure_has_words_of_its_own_kind()
    {
        Exception[] faults =
        [
            new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.MailboxUnavailable, ""),
            new SmtpCommandException(SmtpErrorCode.SenderNotAccepted, SmtpStatusCode.MailboxUnavailable, ""),
            new MailKit.Security.AuthenticationException(), new NotSupportedException(), new MailKit.ServiceNotConnectedException(), new TimeoutException(), new IOException(), new FormatException(),
        ];

        Assert.All(faults, fault => Assert.DoesNotContain("refused the letter", new LetterStanding(MailFailure.Of(fault).Slug, IsGivenUp: false).Sentence, StringComparison.Ordinal));
        Assert.Equal("The mail server refused the letter. It is not tried again.", new LetterStanding("letter-refused", IsGivenUp: true).Sentence);
        Assert.Null(new LetterStanding(null, IsGivenUp: false).Sentence);
    }

    private async Task<TestBrowser> SignedInAsync(TestTenant tenant)
    {
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return browser;
    }

    /// <summary>The letter of who has forgotten his password is put down after the answer.</summary>
    private async Task SendAllAsync()
    {
        while ((await vault.RowsAsync(Ct)).Count == 0)
            await Task.Delay(10, Ct);
        await vault.SendAsync(Ct);
    }

    private static async Task<string> PageAsync(TestBrowser browser, string path) => WebUtility.HtmlDecode(await (await browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct));

    private static string LinkIn(string page) => page.Split("/join#")[1].Split('"')[0];

    private static async Task<(string? Delivery, string? Failure)> DeliveryAsync(Invited invited)
    {
        var list = await (await invited.Owner.GetAsync("/api/v1/members/invitations", Ct)).Content.ReadFromJsonAsync<JsonElement>(Ct);
        var line = list.GetProperty("items").EnumerateArray().Single(line => line.GetProperty("id").GetGuid() == invited.Id);
        return (line.GetProperty("delivery").GetString(), line.GetProperty("deliveryFailure").GetString());
    }

    private static async Task<string?> MailFailureAsync(TestBrowser owner, TestMember member)
    {
        var list = await (await owner.GetAsync("/api/v1/members", Ct)).Content.ReadFromJsonAsync<JsonElement>(Ct);
        return list.GetProperty("items").EnumerateArray().Single(line => line.GetProperty("id").GetGuid() == member.Id).GetProperty("mailFailure").GetString();
    }

    private async Task<bool> IsProvedAsync(string email)
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<MemberDirectory>().FindAsync(email, Ct))!.IsAddressProved;
    }
}
