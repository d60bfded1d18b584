using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

public sealed class TokenTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => shared.Vault;

    [Fact]
    public async Task A_token_that_was_made_is_shown_once_works_and_stands_in_the_log()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var answer = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", new { name = "night script", role = "viewer", days = 3 }, Ct);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = await JsonAsync(answer);
        var text = made.GetProperty("token").GetString()!;
        Assert.Equal(70, text.Length);
        Assert.StartsWith("rvt_", text, StringComparison.Ordinal);
        Assert.Equal("Viewer", (await JsonAsync(await SendAsync(text, HttpMethod.Get, "/api/v1/tenant"))).GetProperty("role").GetString());
        Assert.DoesNotContain(text, await (await browser.GetAsync("/api/v1/tokens", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("token.created", await tenant.EventTypesAsync(Ct));
    }

    [Theory]
    [InlineData("", null, null, "name")]
    [InlineData("x", "king", null, "role")]
    [InlineData("x", "0", null, "role")]
    [InlineData("x", null, 0, "days")]
    [InlineData("x", null, 366, "days")]
    public async Task What_is_wrong_with_a_token_is_named(string name, string? role, int? days, string field)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var answer = await owner.PostAsJsonAsync("/api/v1/tokens", new { name, role, days }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await JsonAsync(answer)).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("Viewer", "Contributor")]
    [InlineData("Contributor", "Admin")]
    [InlineData("Contributor", "Auditor")]
    [InlineData("Auditor", "Viewer")]
    public async Task A_token_has_no_higher_role_than_its_maker(string own, string wanted)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var client = await tenant.ClientAsync(Enum.Parse<Role>(own), Ct);

        var answer = await client.PostAsJsonAsync("/api/v1/tokens", new { name = "x", role = wanted, days = 1 }, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_follows_its_members_role_down()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Admin, Ct);
        var text = await tenant.TokenAsync(member, Role.Admin, Ct);

        await MembershipsOf.ChangeRoleAsync(tenant, member, Role.Viewer, Ct);

        Assert.Equal("Viewer", (await JsonAsync(await SendAsync(text, HttpMethod.Get, "/api/v1/tenant"))).GetProperty("role").GetString());
        await MembershipsOf.ChangeRoleAsync(tenant, member, Role.Owner, Ct);
        Assert.Equal("Admin", (await JsonAsync(await SendAsync(text, HttpMethod.Get, "/api/v1/tenant"))).GetProperty("role").GetString());
        await MembershipsOf.EndAsync(tenant, member, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(text, HttpMethod.Get, "/api/v1/tenant")).StatusCode);
    }

    [Fact]
    public async Task A_token_ends_at_its_time()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        using var client = vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct, days: 1));

        clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/v1/tenant", UriKind.Relative), Ct)).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/v1/tenant", UriKind.Relative), Ct)).StatusCode);
    }

    [Fact]
    public async Task A_revoked_token_is_over_at_once_and_so_are_those_that_it_made()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        var parent = await tenant.TokenAsync(member, Role.Contributor, Ct, days: 2);
        var made = await JsonAsync(await SendAsync(parent, HttpMethod.Post, "/api/v1/tokens", new { name = "child", days = 1 }));
        var child = made.GetProperty("token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(child, HttpMethod.Get, "/api/v1/tenant")).StatusCode);

        var answer = await owner.DeleteAsync(new Uri($"/api/v1/tokens/{TokenText.Parse(parent)!.Id}", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(parent, HttpMethod.Get, "/api/v1/tenant")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(child, HttpMethod.Get, "/api/v1/tenant")).StatusCode);
        Assert.Equal(2, (await tenant.EventTypesAsync(Ct)).Count(type => type == "token.revoked"));
    }

    [Fact]
    public async Task A_token_that_ended_while_it_was_asking_makes_no_other()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var maker = TokenText.Parse(await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct, days: 2))!.Id;
        await owner.DeleteAsync(new Uri($"/api/v1/tokens/{maker}", UriKind.Relative), Ct);

        // What the request has left to do when it was let in before the revocation.
        await using var scope = tenant.Enter();
        var wanted = new NewToken("late", tenant.Owner.Id, Role.Owner, 1) { MadeByTokenId = maker };

        Assert.Null(await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(wanted, Actor.System, Ct));
        Assert.DoesNotContain("late", await owner.GetStringAsync(new Uri("/api/v1/tokens", UriKind.Relative), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoking_a_revoked_token_ends_the_child_that_it_left()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var parent = await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct, days: 2);
        var child = (await JsonAsync(await SendAsync(parent, HttpMethod.Post, "/api/v1/tokens", new { name = "child", days = 1 }))).GetProperty("token").GetString()!;
        var id = TokenText.Parse(parent)!.Id;
        await using (var scope = tenant.Enter())
        {
            // As an earlier version may have left it.
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ApiTokens.Where(token => token.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, DateTimeOffset.UnixEpoch), Ct);
        }

        await owner.DeleteAsync(new Uri($"/api/v1/tokens/{id}", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(child, HttpMethod.Get, "/api/v1/tenant")).StatusCode);
    }

    [Fact]
    public async Task A_token_made_by_a_token_does_not_outlive_it()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var answer = await owner.PostAsJsonAsync("/api/v1/tokens", new { name = "x", days = 60 }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("/problems/outlives-maker", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenants_token_is_not_there_and_a_colleagues_neither_unless_one_leads()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var stranger = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        var address = new Uri($"/api/v1/tokens/{TokenText.Parse(await tenant.TokenAsync(member, Role.Viewer, Ct))!.Id}", UriKind.Relative);

        Assert.Equal(HttpStatusCode.NotFound, (await (await stranger.ClientAsync(Role.Owner, Ct)).DeleteAsync(address, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await tenant.ClientAsync(Role.Viewer, Ct)).DeleteAsync(address, Ct)).StatusCode);
        Assert.DoesNotContain(member.Id.ToString(), await (await tenant.ClientAsync(Role.Viewer, Ct)).GetStringAsync(new Uri("/api/v1/tokens", UriKind.Relative), Ct), StringComparison.Ordinal);
        Assert.Contains(member.Id.ToString(), await (await tenant.ClientAsync(Role.Admin, Ct)).GetStringAsync(new Uri("/api/v1/tokens", UriKind.Relative), Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await (await tenant.ClientAsync(Role.Admin, Ct)).DeleteAsync(address, Ct)).StatusCode);
    }

    [Fact]
    public async Task Tokens_are_listed_newest_first_page_by_page()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        for (var i = 0; i < 3; i++)
            await owner.PostAsJsonAsync("/api/v1/tokens", new { name = $"number {i}", days = 1, role = "Viewer" }, Ct);

        var names = new List<string>();
        for (var next = "/api/v1/tokens?limit=1"; next is not null;)
        {
            var page = await owner.GetFromJsonAsync<JsonElement>(next, Ct);
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(token => token.GetProperty("name").GetString()!));
            next = page.GetProperty("nextCursor").GetString() is { } cursor ? $"/api/v1/tokens?limit=1&cursor={Uri.EscapeDataString(cursor)}" : null;
        }

        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        Assert.Equal("test", names[^1]);
    }

    [Fact]
    public async Task With_an_Authorization_header_the_cookie_is_not_looked_at()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/tenant");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "rvt_no");

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(request, Ct)).StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string token, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Vault.Bare.SendAsync(request, Ct);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
}
