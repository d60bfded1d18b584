using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings.Approvals;

/// <summary>The rule that a second person's approval is taken: an Owner's, off until he says so, in the log; and the letters that tell of requests.</summary>
public sealed class ApprovalRuleTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private const string Page = "/settings/organisation/use";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_off_until_an_owner_allows_it_in_person_with_a_reason()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct, isTaken: false);
        var script = await two.Tenant.ClientAsync(Role.Owner, Ct);
        var before = (await two.ReadAsync("/api/v1/tenant/usage", Ct)).GetProperty("approval").GetBoolean();

        using var byAdmin = await two.Second.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { approval = true, reason = "Because." }, Ct);
        using var byToken = await script.PutAsJsonAsync("/api/v1/tenant/usage", new { approval = true, reason = "Because." }, Ct);
        using var silent = await two.PolicyAsync(new { approval = true }, Ct);
        var untouched = (await two.ReadAsync("/api/v1/tenant/usage", Ct)).GetProperty("approval").GetBoolean();
        using var done = await two.PolicyAsync(new { approval = true, reason = "Decided by the board." }, Ct);
        var after = (await two.ReadAsync("/api/v1/tenant/usage", Ct)).GetProperty("approval").GetBoolean();
        using var offByAdmin = await two.Second.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { approval = false }, Ct);
        using var off = await script.PutAsJsonAsync("/api/v1/tenant/usage", new { approval = false }, Ct);

        Assert.Equal((false, false, true), (before, untouched, after));
        Assert.All([byAdmin, offByAdmin], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal(("approval-for-owners", "person-needed"), (await SharedLink.SlugAsync(byAdmin, Ct), await SharedLink.SlugAsync(byToken, Ct)));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK), (silent.StatusCode, done.StatusCode, off.StatusCode));
        var told = Assert.Single(await two.EventsAsync("usage-policy.loosened", Ct), line => line.GetProperty("outcome").GetString() == "allowed");
        Assert.Equal(("taken", "Decided by the board."), (TwoPeople.Detail(told, "approval"), TwoPeople.Detail(told, "why")));
        Assert.Equal("not-taken", TwoPeople.Detail(Assert.Single(await two.EventsAsync("usage-policy.tightened", Ct), line => line.GetProperty("outcome").GetString() == "allowed"), "approval"));
        Assert.Contains(await two.EventsAsync("usage-policy.loosened", Ct), line => TwoPeople.Detail(line, "reason") == "approval-for-owners");
    }

    [Fact]
    public async Task An_old_sign_in_does_not_allow_it()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct, isTaken: false);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var stale = await two.PolicyAsync(new { approval = true, reason = "Because." }, Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "fresh-sign-in"), (stale.StatusCode, await SharedLink.SlugAsync(stale, Ct)));
    }

    [Fact]
    public async Task The_page_shows_the_box_to_owners_alone_and_an_admins_form_leaves_it_as_it_is()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var (owners, admins) = (await ReadAsync(two.Asker), await ReadAsync(two.Second));
        using var byAdmin = await two.Second.PostFormAsync(Page, [("tag", "no-tdm"), ("consent-search", "yes"), ("reason", "Because.")], Ct, "/");
        var kept = (await two.ReadAsync("/api/v1/tenant/usage", Ct)).GetProperty("approval").GetBoolean();
        using var byOwner = await two.Asker.PostFormAsync(Page, [("tag", "no-tdm"), ("consent-search", "yes"), ("reason", "")], Ct, "/");
        var off = (await two.ReadAsync("/api/v1/tenant/usage", Ct)).GetProperty("approval").GetBoolean();

        Assert.Matches("id=\"approval\"[^>]* checked", owners);
        Assert.DoesNotContain("id=\"approval\"", admins, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Redirect, true), (byAdmin.StatusCode, kept));
        Assert.Equal((HttpStatusCode.Redirect, false), (byOwner.StatusCode, off));
    }

    [Fact]
    public async Task Letters_tell_the_others_that_it_waits_and_who_asked_what_came_of_it()
    {
        await using var sink = await MailSink.StartAsync();
        await using var mailing = await MailingVault.StartAsync(sink.Port);
        using var two = await TwoPeople.MakeAsync(mailing.Vault, Ct);
        await using (var scope = two.Tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Users.Where(member => member.Id == two.Tenant.Owner.Id).ExecuteUpdateAsync(set => set.SetProperty(member => member.Language, "de"), Ct);

        var id = await two.AskAsync(Ct);
        await mailing.SendAsync(Ct);
        var asked = await sink.NextAsync(Ct);
        (await TwoPeople.DecideAsync(two.Second, id, Ct, "decline", "Ask Ben.")).EnsureSuccessStatusCode().Dispose();
        await mailing.SendAsync(Ct);
        var told = await sink.NextAsync(Ct);

        Assert.Equal((two.Admin.Email, "A usage tag is to be made looser"), (asked.To, asked.Message.Subject));
        Assert.Contains($"\nhttp://localhost/loosenings/{id}\n", asked.Text, StringComparison.Ordinal);
        Assert.Equal((two.Tenant.Owner.Email, "Das gelockerte Nutzungskennzeichen wurde abgelehnt"), (told.To, told.Message.Subject));
        Assert.All([asked.Text, told.Text], text => Assert.DoesNotContain("Anna", text, StringComparison.Ordinal));
        Assert.DoesNotContain("Ask Ben", told.Text, StringComparison.Ordinal);
        Assert.Empty(await mailing.RowsAsync(Ct));
    }

    private static async Task<string> ReadAsync(TestBrowser browser)
    {
        using var answer = await browser.GetAsync(Page, Ct);
        return await answer.Content.ReadAsStringAsync(Ct);
    }
}
