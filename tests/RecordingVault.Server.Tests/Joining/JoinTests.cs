using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Members;

namespace RecordingVault.Server.Tests.Joining;

/// <summary>Opening an invitation and joining with it.</summary>
public sealed partial class JoinTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => shared.Vault;

    [Fact]
    public async Task Who_is_invited_makes_an_account_and_is_signed_in_with_the_role()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);

        using var browser = await invited.JoinAsync(Ct);

        Assert.Equal((invited.Tenant.Id, "Contributor"), await Invited.StandingAsync(browser, Ct));
        Assert.Equal("accepted", await invited.StateAsync(Ct));
        Assert.Contains("member.joined", await invited.Tenant.EventTypesAsync(Ct));
        Assert.Null(browser.Cookie(JoinTickets.CookieName));
    }

    [Fact]
    public async Task A_link_is_good_once()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var first = new TestBrowser(Vault);
        using var second = new TestBrowser(Vault);
        await invited.OpenAsync(first, Ct);
        await invited.OpenAsync(second, Ct);

        Assert.Equal(HttpStatusCode.Found, (await Invited.MakeAccountAsync(first, Ct)).StatusCode);
        var late = await Invited.MakeAccountAsync(second, Ct);

        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("This invitation was used", await late.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Null(second.Cookie(SessionCookie.Name));
        Assert.Single(await invited.Tenant.EventTypesAsync(Ct), type => type == "member.joined");
    }

    [Fact]
    public async Task Of_many_who_join_at_once_with_one_link_one_does()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        var browsers = Enumerable.Range(0, 5).Select(_ => new TestBrowser(Vault)).ToList();
        foreach (var browser in browsers)
            await invited.OpenAsync(browser, Ct);

        var answers = await Task.WhenAll(browsers.Select(browser => Invited.MakeAccountAsync(browser, Ct)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Found);
        Assert.All(answers, answer => Assert.True((int)answer.StatusCode < 500));
        Assert.Single(await invited.Tenant.EventTypesAsync(Ct), type => type == "member.joined");
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_wrong_secret_an_unknown_id_a_withdrawn_and_a_renewed_link_are_all_the_same()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        var wrongSecret = invited.Id + "." + SecretToken.ToText(SecretToken.New());
        var unknown = Guid.NewGuid() + "." + invited.Link.Split('.')[1];
        var renewed = invited.Link;
        await invited.Owner.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/invitations/{invited.Id}/renew", new { }, Ct);

        var pages = new HashSet<string>(StringComparer.Ordinal);
        foreach (var link in new[] { wrongSecret, unknown, renewed, "no link", "" })
        {
            var answer = await Invited.OpenAsync(browser, link, Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            pages.Add(WithoutTokens(await answer.Content.ReadAsStringAsync(Ct)));
        }

        Assert.Single(pages);
        Assert.Null(browser.Cookie(JoinTickets.CookieName));
    }

    [Fact]
    public async Task Guessing_at_an_invitation_is_slowed_down()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        var wrong = invited.Id + "." + SecretToken.ToText(SecretToken.New());
        for (var i = 0; i < ThrottleRule.Link.FreeTries; i++)
            Assert.Equal(HttpStatusCode.NotFound, (await Invited.OpenAsync(browser, wrong, Ct)).StatusCode);

        var slowed = await Invited.OpenAsync(browser, wrong, Ct);

        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.NotNull(slowed.Headers.RetryAfter);
    }

    [Fact]
    public async Task The_page_of_a_link_is_the_same_for_all_and_opening_it_uses_nothing_up()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/join", Ct)).StatusCode);
        Assert.Equal("/join", (await browser.GetAsync("/join/open", Ct)).Headers.Location!.OriginalString);
        await invited.OpenAsync(browser, Ct);
        await invited.OpenAsync(browser, Ct);
        var page = await (await browser.GetAsync("/join/open", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains(invited.Tenant.Name, page, StringComparison.Ordinal);
        Assert.Contains(invited.Email, page, StringComparison.Ordinal);
        Assert.DoesNotContain(invited.Link.Split('.')[1], page, StringComparison.Ordinal);
        Assert.Equal("open", await invited.StateAsync(Ct));
    }

    [Fact]
    public async Task A_German_reader_reads_German()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await invited.OpenAsync(browser, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/join/open");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        request.Headers.TryAddWithoutValidation("Accept-Language", "de");

        var page = await (await browser.SendAsync(request, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("lädt Sie zu", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("Password", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_common_rule_for_passwords_holds_here_too()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await invited.OpenAsync(browser, Ct);

        var answer = await Invited.MakeAccountAsync(browser, Ct, password: "short");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("open", await invited.StateAsync(Ct));
    }

    [Fact]
    public async Task Who_has_an_account_signs_in_and_joins_with_it()
    {
        var other = await TestTenant.CreateAsync(Vault, Ct);
        var member = await other.AddAsync(Role.Viewer, Ct);
        var invited = await Invited.MakeAsync(Vault, Ct, Role.Admin, member.Email);
        using var browser = new TestBrowser(Vault);
        await invited.OpenAsync(browser, Ct);
        var page = await (await browser.GetAsync("/join/open", Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains("/signin?returnTo=%2Fjoin%2Fopen", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await Invited.MakeAccountAsync(browser, Ct)).StatusCode);

        await browser.SignInAsync(member, Ct, "/join/open");
        Assert.Equal((other.Id, "Viewer"), await Invited.StandingAsync(browser, Ct));
        var before = browser.Cookie(SessionCookie.Name);
        Assert.Equal(HttpStatusCode.Found, (await Invited.AcceptAsync(browser, Ct)).StatusCode);

        Assert.Equal((invited.Tenant.Id, "Admin"), await Invited.StandingAsync(browser, Ct));
        Assert.NotEqual(before, browser.Cookie(SessionCookie.Name));
        Assert.Equal("accepted", await invited.StateAsync(Ct));
        // The same once more changes nothing and is no fault.
        Assert.Equal(HttpStatusCode.Found, (await Invited.AcceptAsync(browser, Ct)).StatusCode);
        Assert.Single(await invited.Tenant.EventTypesAsync(Ct), type => type == "member.joined");
    }

    [Fact]
    public async Task Somebody_else_who_is_signed_in_can_t_accept_it()
    {
        var other = await TestTenant.CreateAsync(Vault, Ct);
        var member = await other.AddAsync(Role.Viewer, Ct);
        var invited = await Invited.MakeAsync(Vault, Ct, Role.Admin, member.Email);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(other.Owner, Ct);
        await invited.OpenAsync(browser, Ct);

        Assert.Equal(HttpStatusCode.Conflict, (await Invited.AcceptAsync(browser, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Invited.MakeAccountAsync(browser, Ct)).StatusCode);

        Assert.Equal("open", await invited.StateAsync(Ct));
        Assert.DoesNotContain("member.joined", await invited.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task Who_was_removed_everywhere_comes_back_by_an_invitation_with_his_old_account()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Admin, Ct);
        await MembershipsOf.EndAsync(tenant, member, Ct);
        var invited = await Invited.MakeAsync(Vault, Ct, Role.Viewer, member.Email, tenant);
        using var browser = new TestBrowser(Vault);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync(member, Ct)).StatusCode);
        await invited.OpenAsync(browser, Ct);

        Assert.Equal(HttpStatusCode.Found, (await browser.SignInAsync(member, Ct, "/join/open")).StatusCode);

        Assert.Equal((tenant.Id, "Viewer"), await Invited.StandingAsync(browser, Ct));
        Assert.Equal("accepted", await invited.StateAsync(Ct));
    }

    [Fact]
    public async Task An_opened_link_lets_nobody_in_whose_password_is_wrong_or_whose_address_is_another()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var (member, stranger) = (await tenant.AddAsync(Role.Admin, Ct), await tenant.AddAsync(Role.Viewer, Ct));
        await MembershipsOf.EndAsync(tenant, member, Ct);
        await MembershipsOf.EndAsync(tenant, stranger, Ct);
        var invited = await Invited.MakeAsync(Vault, Ct, Role.Viewer, member.Email, tenant);
        using var browser = new TestBrowser(Vault);
        await invited.OpenAsync(browser, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync(member with { Password = "not his password" }, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync(stranger, Ct)).StatusCode);

        Assert.Equal("open", await invited.StateAsync(Ct));
    }

    [Fact]
    public async Task Address_and_name_stand_in_no_row_in_clear()
    {
        var invited = await Invited.MakeAsync(Vault, Ct);
        await using var scope = invited.Tenant.Enter();
        var row = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Invitations.AsNoTracking().SingleAsync(Ct);

        Assert.DoesNotContain("invited", Encoding.UTF8.GetString(row.Email.Bytes.Span), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Ida", Encoding.UTF8.GetString(row.Name!.Value.Bytes.Span), StringComparison.Ordinal);
        Assert.Equal(Invitation.HashSecret(row.Id, SecretToken.Parse(invited.Link.Split('.')[1])!), row.SecretHash);
    }

    /// <summary>The page without what is new in every answer.</summary>
    private static string WithoutTokens(string page) => Token().Replace(page, "");

    [GeneratedRegex("[A-Za-z0-9_-]{60,}")]
    private static partial Regex Token();
}
