using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Members;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Recovery;

/// <summary>A link for a new password that somebody else makes. It may reach no further than he does.</summary>
public sealed class ResetLinkTests(SharedVault shared)
{
    private const string NewPassword = "seven quiet otters swim";

    private readonly TestVault vault = shared.Vault;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Owner", "Owner", HttpStatusCode.OK)]
    [InlineData("Owner", "Admin", HttpStatusCode.OK)]
    [InlineData("Admin", "Admin", HttpStatusCode.OK)]
    [InlineData("Admin", "Auditor", HttpStatusCode.OK)]
    [InlineData("Admin", "Owner", HttpStatusCode.Forbidden)]
    [InlineData("Contributor", "Viewer", HttpStatusCode.Forbidden)]
    [InlineData("Auditor", "Viewer", HttpStatusCode.Forbidden)]
    public async Task Owners_and_admins_make_links_for_who_stands_no_higher(string maker, string member, HttpStatusCode expected)
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var target = await tenant.AddAsync(Enum.Parse<Role>(member), Ct);
        using var browser = await SignedInAsync(await tenant.AddAsync(Enum.Parse<Role>(maker), Ct));

        using var answer = await MakeAsync(browser, target.Id);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK, await tenant.HasEventAsync("password.reset-link-made", target.Id, Ct));
    }

    [Fact]
    public async Task The_link_sets_the_password()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var viewer = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = await SignedInAsync(tenant.Owner);
        var link = await LinkAsync(owner, viewer.Id);

        using var browser = new TestBrowser(vault);
        using var done = await SetAsync(browser, link);

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        using var signedIn = await browser.SignInAsync(viewer with { Password = NewPassword }, Ct);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.True(await tenant.HasEventAsync("password.reset", viewer.Id, Ct));
    }

    [Fact]
    public async Task Nobody_makes_one_for_an_account_that_reaches_into_another_tenant()
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault, Ct), await TestTenant.CreateAsync(vault, Ct));
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        await Reached.JoinAsync(other, member.Id, Role.Viewer, Ct);
        using var owner = await SignedInAsync(tenant.Owner);

        using var answer = await MakeAsync(owner, member.Id);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("reaches-further", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_owner_in_all_of_his_tenants_may()
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault, Ct), await TestTenant.CreateAsync(vault, Ct));
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        await Reached.JoinAsync(other, member.Id, Role.Contributor, Ct);
        await Reached.JoinAsync(other, tenant.Owner.Id, Role.Owner, Ct);
        using var owner = await SignedInAsync(tenant.Owner);

        using var answer = await MakeAsync(owner, member.Id);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(await other.HasEventAsync("password.reset-link-made", member.Id, Ct));
    }

    [Fact]
    public async Task A_link_dies_when_the_account_comes_to_reach_further_or_its_maker_less_far()
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault, Ct), await TestTenant.CreateAsync(vault, Ct));
        var (joins, stays) = (await tenant.AddAsync(Role.Viewer, Ct), await tenant.AddAsync(Role.Viewer, Ct));
        var admin = await tenant.AddAsync(Role.Admin, Ct);
        using var browser = await SignedInAsync(admin);
        var (first, second) = (await LinkAsync(browser, joins.Id), await LinkAsync(browser, stays.Id));

        await Reached.JoinAsync(other, joins.Id, Role.Owner, Ct);
        await MembershipsOf.ChangeRoleAsync(tenant, admin, Role.Viewer, Ct);

        using var stranger = new TestBrowser(vault);
        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(stranger, first)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SetAsync(stranger, second)).StatusCode);
    }

    [Fact]
    public async Task Not_for_oneself_not_by_a_token_and_not_across_tenants()
    {
        var (tenant, other) = (await TestTenant.CreateAsync(vault, Ct), await TestTenant.CreateAsync(vault, Ct));
        var viewer = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = await SignedInAsync(tenant.Owner);
        using var stranger = await SignedInAsync(other.Owner);
        var script = await tenant.ClientAsync(Role.Owner, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await MakeAsync(owner, tenant.Owner.Id)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await MakeAsync(stranger, viewer.Id)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await script.PostAsync($"/api/v1/members/{viewer.Id}/reset-link", null, Ct)).StatusCode);
    }

    [Fact]
    public async Task The_members_page_shows_the_link_once()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var viewer = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = await SignedInAsync(tenant.Owner);

        using var made = await owner.PostFormAsync($"/settings/members/{viewer.Id}/reset-link", [], Ct, page: $"/settings/members/{viewer.Id}");

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Matches("/reset#[\\w-]{22}\\.[\\w-]{43}", await made.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task The_operators_link_reaches_everywhere_and_stands_in_each_log()
    {
        var (tenant, other) = await Reached.InTwoAsync(vault, Ct);
        await using var scope = vault.Services.CreateAsyncScope();
        var member = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().FindAsync(tenant.Owner.Email, Ct);

        var made = await scope.ServiceProvider.GetRequiredService<ResetLinks>().MakeAsync(member!, madeBy: null, new Actor(AuditActorKind.Operator, null), Ct);

        using var browser = new TestBrowser(vault);
        Assert.Equal(HttpStatusCode.OK, (await SetAsync(browser, made!.Value.Link.ToString())).StatusCode);
        foreach (var log in new[] { tenant, other })
        {
            var line = (await log.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "password.reset-link-made");
            Assert.Equal("operator", line.GetProperty("actor").GetProperty("kind").GetString());
        }
    }

    private async Task<TestBrowser> SignedInAsync(TestMember member)
    {
        var browser = new TestBrowser(vault);
        await browser.SignInAsync(member, Ct);
        return browser;
    }

    private static Task<HttpResponseMessage> MakeAsync(TestBrowser browser, Guid memberId) =>
        browser.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{memberId}/reset-link", null, Ct);

    private static async Task<string> LinkAsync(TestBrowser browser, Guid memberId)
    {
        using var answer = await MakeAsync(browser, memberId);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("url").GetString()!.Split('#')[1];
    }

    private static Task<HttpResponseMessage> SetAsync(TestBrowser browser, string link) => browser.PostFormAsync("/reset", [("link", link), ("newPassword", NewPassword)], Ct);
}
