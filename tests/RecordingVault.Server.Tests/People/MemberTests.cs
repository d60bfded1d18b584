using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Joining;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.People;

/// <summary>Roles changed, members removed and leaving.</summary>
public sealed class MemberTests(SharedVault shared)
{
    private const string List = "/api/v1/members";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => shared.Vault;

    [Fact]
    public async Task Owners_and_admins_see_who_belongs_to_the_tenant()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        var admin = await tenant.ClientAsync(Role.Admin, Ct);

        var items = (await admin.GetFromJsonAsync<JsonElement>(List, Ct)).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(3, items.Count);
        var line = items.Single(item => item.GetProperty("id").GetGuid() == member.Id);
        Assert.Equal((member.Name, member.Email, "Viewer"), (line.GetProperty("name").GetString(), line.GetProperty("email").GetString(), line.GetProperty("role").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await tenant.ClientAsync(Role.Contributor, Ct)).GetAsync(new Uri(List, UriKind.Relative), Ct)).StatusCode);
    }

    [Fact]
    public async Task The_list_of_members_is_paged()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        for (var i = 0; i < 3; i++)
            await tenant.AddAsync(Role.Viewer, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var first = await owner.GetFromJsonAsync<JsonElement>($"{List}?limit=3", Ct);
        var second = await owner.GetFromJsonAsync<JsonElement>($"{List}?limit=3&cursor={first.GetProperty("nextCursor").GetString()}", Ct);

        var ids = new[] { first, second }.SelectMany(page => page.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("id").GetGuid()).ToList();
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(4, ids.Count);
    }

    [Fact]
    public async Task A_changed_role_holds_with_the_next_request_of_session_and_token()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Admin, Ct);
        using var his = await SignInAsync(member);
        using var script = Script(await tenant.TokenAsync(member, Role.Admin, Ct));
        using var owner = await SignInAsync(tenant.Owner);
        Assert.Equal("Admin", (await Invited.StandingAsync(his, Ct)).Role);

        var changed = await SetRoleAsync(owner, member, "Viewer");

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("Viewer", (await Invited.StandingAsync(his, Ct)).Role);
        Assert.Equal(HttpStatusCode.Forbidden, (await script.GetAsync(new Uri(List, UriKind.Relative), Ct)).StatusCode);
        Assert.True(await tenant.HasEventAsync("member.role-changed", member.Id, Ct));
    }

    [Theory]
    [InlineData("Admin", "Owner", "Viewer", HttpStatusCode.Forbidden)]
    [InlineData("Admin", "Contributor", "Owner", HttpStatusCode.Forbidden)]
    [InlineData("Admin", "Admin", "Viewer", HttpStatusCode.OK)]
    [InlineData("Admin", "Viewer", "Admin", HttpStatusCode.OK)]
    [InlineData("Owner", "Owner", "Viewer", HttpStatusCode.OK)]
    [InlineData("Owner", "Viewer", "Owner", HttpStatusCode.OK)]
    [InlineData("Contributor", "Viewer", "Auditor", HttpStatusCode.Forbidden)]
    public async Task Nobody_changes_who_stands_above_him_nor_raises_above_himself(string own, string before, string role, HttpStatusCode expected)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Enum.Parse<Role>(before), Ct);
        using var browser = await SignInAsync(await tenant.AddAsync(Enum.Parse<Role>(own), Ct));

        Assert.Equal(expected, (await SetRoleAsync(browser, member, role)).StatusCode);
        if (expected is HttpStatusCode.Forbidden)
            Assert.Equal(HttpStatusCode.Forbidden, (await (before == "Owner" ? RemoveAsync(browser, member) : SetRoleAsync(browser, member, role))).StatusCode);
    }

    [Fact]
    public async Task The_last_owner_is_neither_demoted_nor_removed_and_does_not_leave()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var owner = await SignInAsync(tenant.Owner);

        Assert.Equal("last-owner", await SharedLink.SlugAsync(await SetRoleAsync(owner, tenant.Owner, "Admin"), Ct));
        Assert.Equal("last-owner", await SharedLink.SlugAsync(await RemoveAsync(owner, tenant.Owner), Ct));
        Assert.Equal(HttpStatusCode.Conflict, (await LeaveAsync(owner)).StatusCode);
        Assert.Equal("Owner", (await Invited.StandingAsync(owner, Ct)).Role);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_owners_who_act_on_each_other_at_once_one_stays(bool byRole)
    {
        for (var round = 0; round < 4; round++)
        {
            var tenant = await TestTenant.CreateAsync(Vault, Ct);
            var second = await tenant.AddAsync(Role.Owner, Ct);
            using var one = await SignInAsync(tenant.Owner);
            using var other = await SignInAsync(second);

            var answers = await Task.WhenAll(
                byRole ? SetRoleAsync(one, second, "Viewer") : RemoveAsync(one, second),
                byRole ? SetRoleAsync(other, tenant.Owner, "Viewer") : RemoveAsync(other, tenant.Owner));

            Assert.Single(answers, answer => answer.IsSuccessStatusCode);
            Assert.All(answers, answer => Assert.True((int)answer.StatusCode < 500));
            Assert.Single(await OwnersAsync(tenant));
        }
    }

    [Fact]
    public async Task Who_is_removed_loses_sessions_tokens_and_invitations_at_once_and_his_links_stay()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var recording = await StoredRecording.PutAsync(Vault, tenant, 1_000, Ct);
        var member = await tenant.AddAsync(Role.Admin, Ct);
        using var his = await SignInAsync(member);
        using var script = Script(await tenant.TokenAsync(member, Role.Admin, Ct));
        var child = await (await script.PostAsJsonAsync("/api/v1/tokens", new { name = "child", days = 1 }, Ct)).Content.ReadFromJsonAsync<JsonElement>(Ct);
        using var childScript = Script(child.GetProperty("token").GetString()!);
        var link = await (await script.PostAsJsonAsync(recording.Path + "/shares", new { recipientName = "Anna" }, Ct)).Content.ReadFromJsonAsync<JsonElement>(Ct);
        await his.SendJsonAsync(HttpMethod.Post, "/api/v1/members/invitations", new { email = $"late-{Guid.NewGuid():N}@example.com", role = "Viewer" }, Ct);
        using var owner = await SignInAsync(tenant.Owner);
        var page = await PageAsync(owner, $"/settings/members/{member.Id}");
        Assert.Contains("One link of this person stays open", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await RemoveAsync(owner, member)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await his.GetAsync("/api/v1/tenant", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync(new Uri("/api/v1/tenant", UriKind.Relative), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await childScript.GetAsync(new Uri("/api/v1/tenant", UriKind.Relative), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await his.SignInAsync(member, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RemoveAsync(owner, member)).StatusCode);
        var visitor = await Visitor.AtAsync(Vault, link.GetProperty("id").GetGuid(), Ct);
        Assert.Equal(HttpStatusCode.NoContent, (await visitor.OpenAsync(link.GetProperty("id").GetGuid(), link.GetProperty("url").GetString()!.Split('#')[1], Ct)).StatusCode);

        var members = await PageAsync(owner, "/settings/members");
        Assert.Contains("Links of people who left", members, StringComparison.Ordinal);
        Assert.Contains(member.Name, members, StringComparison.Ordinal);
        using var admin = await SignInAsync(await tenant.AddAsync(Role.Admin, Ct));
        Assert.DoesNotContain("Links of people who left", await PageAsync(admin, "/settings/members"), StringComparison.Ordinal);
        var types = await tenant.EventTypesAsync(Ct);
        Assert.Contains("member.removed", types);
        Assert.Contains("invitation.revoked", types);
        Assert.Equal(2, types.Count(type => type == "token.revoked"));
    }

    [Fact]
    public async Task Who_was_removed_while_he_asked_gets_no_token_that_sleeps_until_he_is_back()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = await SignInAsync(tenant.Owner);
        await RemoveAsync(owner, member);

        // What the request has left to do when it was let in before the removal.
        await using var scope = tenant.Enter();

        Assert.Null(await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(new NewToken("late", member.Id, Role.Viewer, 1), Actor.System, Ct));
    }

    [Fact]
    public async Task A_demoted_admins_invitations_are_withdrawn_as_far_as_he_could_not_make_them_now()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var admin = await tenant.AddAsync(Role.Admin, Ct);
        using var his = await SignInAsync(admin);
        await his.SendJsonAsync(HttpMethod.Post, "/api/v1/members/invitations", new { email = $"late-{Guid.NewGuid():N}@example.com", role = "Viewer" }, Ct);
        using var owner = await SignInAsync(tenant.Owner);

        await SetRoleAsync(owner, admin, "Contributor");

        Assert.Contains("\"state\":\"revoked\"", await (await owner.GetAsync("/api/v1/members/invitations", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_is_out_of_this_tenant_and_stays_in_his_others()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        var other = await Invited.MakeAsync(Vault, Ct, Role.Auditor, member.Email);
        using var his = await SignInAsync(member);
        await other.OpenAsync(his, Ct);
        await Invited.AcceptAsync(his, Ct);
        Assert.Equal(other.Tenant.Id, (await Invited.StandingAsync(his, Ct)).Tenant);

        Assert.Equal("/signin?signedOut=true", (await LeaveAsync(his)).Headers.Location?.OriginalString);

        Assert.True(await other.Tenant.HasEventAsync("member.left", member.Id, Ct));
        await his.SignInAsync(member, Ct);
        Assert.Equal((tenant.Id, "Viewer"), await Invited.StandingAsync(his, Ct));
    }

    [Fact]
    public async Task A_token_changes_and_removes_nobody_and_another_tenants_member_is_not_there()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        var script = await tenant.ClientAsync(Role.Owner, Ct);
        using var stranger = await SignInAsync((await TestTenant.CreateAsync(Vault, Ct)).Owner);

        Assert.Equal("person-needed", await SharedLink.SlugAsync(await script.PatchAsJsonAsync($"{List}/{member.Id}", new { role = "Admin" }, Ct), Ct));
        Assert.Equal("person-needed", await SharedLink.SlugAsync(await script.DeleteAsync(new Uri($"{List}/{member.Id}", UriKind.Relative), Ct), Ct));
        Assert.Equal(HttpStatusCode.NotFound, (await SetRoleAsync(stranger, member, "Admin")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RemoveAsync(stranger, member)).StatusCode);
    }

    [Fact]
    public async Task The_pages_change_and_remove_without_scripts()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var owner = await SignInAsync(tenant.Owner);
        var page = $"/settings/members/{member.Id}";

        Assert.Equal("/settings/members?done=rolechanged", (await owner.PostFormAsync(page + "/role", [("role", "Auditor")], Ct, page)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.PostFormAsync(page + "/role", [("role", "king")], Ct, page)).StatusCode);
        Assert.Equal("/settings/members?done=removed", (await owner.PostFormAsync(page + "/remove", [], Ct, page)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync(page, Ct)).StatusCode);
    }

    private static async Task<IReadOnlyList<Guid>> OwnersAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Memberships.Where(row => row.EndedAt == null && row.Role == Role.Owner).Select(row => row.MemberId).ToListAsync(Ct);
    }

    private static Task<HttpResponseMessage> SetRoleAsync(TestBrowser browser, TestMember member, string role) => browser.SendJsonAsync(HttpMethod.Patch, $"{List}/{member.Id}", new { role }, Ct);

    private static Task<HttpResponseMessage> RemoveAsync(TestBrowser browser, TestMember member) => browser.SendJsonAsync(HttpMethod.Delete, $"{List}/{member.Id}", null, Ct);

    private static Task<HttpResponseMessage> LeaveAsync(TestBrowser browser) => browser.PostFormAsync("/settings/organisation/leave", [], Ct, page: "/settings/organisation");

    private static async Task<string> PageAsync(TestBrowser browser, string path) => WebUtility.HtmlDecode(await (await browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct));

    private async Task<TestBrowser> SignInAsync(TestMember member)
    {
        var browser = new TestBrowser(Vault);
        await browser.SignInAsync(member, Ct);
        return browser;
    }

    private HttpClient Script(string token)
    {
        var client = Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
