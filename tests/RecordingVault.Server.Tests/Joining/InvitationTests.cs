using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Members;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Joining;

/// <summary>Making, renewing and withdrawing invitations.</summary>
public sealed class InvitationTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private const string List = "/api/v1/members/invitations";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => vault.Vault;

    [Fact]
    public async Task An_invitation_s_link_is_shown_once_and_the_event_stands_in_the_log()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);

        var list = await (await invited.Owner.GetAsync(List, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.StartsWith("http", invited.Url, StringComparison.Ordinal);
        Assert.Contains("/join#" + invited.Id, invited.Url, StringComparison.Ordinal);
        Assert.Contains(invited.Email, list, StringComparison.Ordinal);
        Assert.DoesNotContain(invited.Link.Split('.')[1], list, StringComparison.Ordinal);
        Assert.True(await invited.Tenant.HasEventAsync("invitation.created", invited.Id, Ct));
    }

    [Theory]
    [InlineData("Owner", "Owner", HttpStatusCode.Created)]
    [InlineData("Admin", "Owner", HttpStatusCode.Forbidden)]
    [InlineData("Admin", "Admin", HttpStatusCode.Created)]
    [InlineData("Admin", "Auditor", HttpStatusCode.Created)]
    [InlineData("Contributor", "Viewer", HttpStatusCode.Forbidden)]
    [InlineData("Viewer", "Viewer", HttpStatusCode.Forbidden)]
    [InlineData("Auditor", "Auditor", HttpStatusCode.Forbidden)]
    public async Task Nobody_invites_above_himself(string own, string role, HttpStatusCode expected)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(own == "Owner" ? tenant.Owner : await tenant.AddAsync(Enum.Parse<Role>(own), Ct), Ct);

        var answer = await browser.SendJsonAsync(HttpMethod.Post, List, new { email = "somebody@example.com", role }, Ct);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_invites_nobody_whatever_its_role()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);

        var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync(List, new { email = "somebody@example.com", role = "Viewer" }, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("person-needed", await SharedLink.SlugAsync(answer, Ct));
    }

    [Theory]
    [InlineData("not an address", null, "Viewer", "email")]
    [InlineData("a@example.com", "two\nlines", "Viewer", "name")]
    [InlineData("a@example.com", null, "king", "role")]
    [InlineData("a@example.com", null, "0", "role")]
    public async Task What_is_wrong_is_named(string email, string? name, string role, string field)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var answer = await browser.SendJsonAsync(HttpMethod.Post, List, new { email, name, role }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_is_invited_once_and_a_member_not_at_all()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        Task<HttpResponseMessage> Invite(string email) => invited.Owner.SendJsonAsync(HttpMethod.Post, List, new { email, role = "Viewer" }, Ct);

        Assert.Equal("invited-already", await SharedLink.SlugAsync(await Invite(invited.Email.ToUpperInvariant()), Ct));
        Assert.Equal("member-already", await SharedLink.SlugAsync(await Invite(invited.Tenant.Owner.Email), Ct));
    }

    [Fact]
    public async Task A_renewed_link_works_for_seven_days_and_the_old_one_stops()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        vault.Clock.Advance(TimeSpan.FromDays(6));
        await invited.Owner.SignInAsync(invited.Tenant.Owner, Ct);
        var renewed = await invited.Owner.SendJsonAsync(HttpMethod.Post, $"{List}/{invited.Id}/renew", new { }, Ct);
        var link = (await renewed.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Ct)).GetProperty("url").GetString()!.Split('#')[1];
        vault.Clock.Advance(TimeSpan.FromDays(6));
        using var browser = new TestBrowser(Vault);

        Assert.Equal(HttpStatusCode.NotFound, (await invited.OpenAsync(browser, Ct)).StatusCode);
        Assert.Equal("/join/open", (await Invited.OpenAsync(browser, link, Ct)).Headers.Location?.OriginalString);
        Assert.True(await invited.Tenant.HasEventAsync("invitation.renewed", invited.Id, Ct));
        vault.Clock.Advance(TimeSpan.FromDays(1));
        await Invited.OpenAsync(browser, link, Ct);
        Assert.Equal(HttpStatusCode.Conflict, (await Invited.MakeAccountAsync(browser, Ct)).StatusCode);
    }

    [Fact]
    public async Task An_opened_link_is_kept_for_half_an_hour()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await invited.OpenAsync(browser, Ct);
        vault.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("/join", (await browser.GetAsync("/join/open", Ct)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_withdrawn_invitation_is_over_also_in_a_browser_that_has_opened_it()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await invited.OpenAsync(browser, Ct);

        Assert.Equal(HttpStatusCode.NoContent, (await invited.Owner.SendJsonAsync(HttpMethod.Delete, $"{List}/{invited.Id}", null, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await invited.Owner.SendJsonAsync(HttpMethod.Delete, $"{List}/{invited.Id}", null, Ct)).StatusCode);

        Assert.Equal(HttpStatusCode.Conflict, (await Invited.MakeAccountAsync(browser, Ct)).StatusCode);
        Assert.Equal("revoked", await invited.StateAsync(Ct));
        Assert.Single(await invited.Tenant.EventTypesAsync(Ct), type => type == "invitation.revoked");
    }

    [Fact]
    public async Task What_somebody_invited_to_who_may_not_any_more_opens_nothing()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var admin = await tenant.AddAsync(Role.Admin, Ct);
        using var his = new TestBrowser(Vault);
        await his.SignInAsync(admin, Ct);
        var made = await (await his.SendJsonAsync(HttpMethod.Post, List, new { email = "back-door@example.com", role = "Admin" }, Ct)).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Ct);
        var link = made.GetProperty("url").GetString()!.Split('#')[1];
        using var browser = new TestBrowser(Vault);
        await Invited.OpenAsync(browser, link, Ct);

        await MembershipsOf.EndAsync(tenant, admin, Ct);

        Assert.Equal(HttpStatusCode.Conflict, (await Invited.MakeAccountAsync(browser, Ct)).StatusCode);
    }

    [Fact]
    public async Task Inviting_asks_for_a_fresh_sign_in_and_withdrawing_does_not()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Forbidden, (await invited.Owner.SendJsonAsync(HttpMethod.Post, List, new { email = "b@example.com", role = "Viewer" }, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await invited.Owner.SendJsonAsync(HttpMethod.Post, $"{List}/{invited.Id}/renew", new { }, Ct)).StatusCode);
        var form = await invited.Owner.PostFormAsync("/settings/members/invite", [("email", "b@example.com"), ("role", "Viewer")], Ct, page: "/settings/members");
        Assert.Equal("/signin/again?returnTo=%2Fsettings%2Fmembers", form.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NoContent, (await invited.Owner.SendJsonAsync(HttpMethod.Delete, $"{List}/{invited.Id}", null, Ct)).StatusCode);
    }

    [Fact]
    public async Task Another_tenants_invitation_is_not_there()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        var other = await Invited.MakeAsync(Vault, Ct);

        Assert.Equal(HttpStatusCode.NotFound, (await other.Owner.SendJsonAsync(HttpMethod.Delete, $"{List}/{invited.Id}", null, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Owner.SendJsonAsync(HttpMethod.Post, $"{List}/{invited.Id}/renew", new { }, Ct)).StatusCode);
        Assert.DoesNotContain(invited.Email, await (await other.Owner.GetAsync(List, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_invites_without_scripts_and_shows_the_link_once()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var made = await (await browser.PostFormAsync("/settings/members/invite", [("email", "anna@example.com"), ("name", ""), ("role", "Viewer")], Ct, page: "/settings/members")).Content.ReadAsStringAsync(Ct);
        var later = await (await browser.GetAsync("/settings/members", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("/join#", made, StringComparison.Ordinal);
        Assert.Contains("anna@example.com", later, StringComparison.Ordinal);
        Assert.DoesNotContain("/join#", later, StringComparison.Ordinal);
    }
}
