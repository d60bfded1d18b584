using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Tokens;

/// <summary>Links that a token made: they stay when it is revoked, are listed with its name, and end with it where that is wanted (docs/decisions/0127).</summary>
public sealed class TokenLinksTests(SharedVault shared)
{
    private const string Page = "/settings/tokens";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "open")]
    [InlineData(true, "stopped")]
    public async Task Revoking_a_token_stops_its_links_where_that_is_asked_for(bool stops, string expected)
    {
        var (tenant, browser, token, recording) = await HouseAsync();
        var share = await ShareAsync(token, recording);
        using var script = Script(shared.Vault, token);
        using var child = await script.PostAsJsonAsync("/api/v1/tokens", new { name = "child", days = 1 }, Ct);
        var childs = await ShareAsync((await child.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("token").GetString()!, recording);
        var id = TokenText.Parse(token)!.Id;

        var links = await (await browser.GetAsync("/links", Ct)).Content.ReadAsStringAsync(Ct);
        var page = await (await browser.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct);
        var revoked = await browser.PostFormAsync($"{Page}/{id}/revoke", stops ? [("stop-links", "yes")] : [], Ct, page: Page);

        Assert.Contains("with the token “<bdi>test</bdi>”", links, StringComparison.Ordinal);
        Assert.Contains("Stop its link too", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
        Assert.Equal([expected, expected], [await StateAsync(tenant, share), await StateAsync(tenant, childs)]);
        Assert.Equal(stops, await tenant.HasEventAsync("share.stopped", share, Ct));
        if (stops)
            return;
        Assert.Contains("Stop its links", await (await browser.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(Page, (await browser.PostFormAsync($"{Page}/{id}/stop-links", [], Ct, page: Page)).Headers.Location?.OriginalString);
        Assert.Equal("stopped", await StateAsync(tenant, share));
        browser.Dispose();
    }

    [Fact]
    public async Task The_api_names_the_token_and_stops_the_links_of_one_that_is_in_sight()
    {
        var (tenant, browser, token, recording) = await HouseAsync();
        var (share, other) = (await ShareAsync(token, recording), await ShareAsync(await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct), recording));
        var id = TokenText.Parse(token)!.Id;
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var contributor = await tenant.ClientAsync(Role.Contributor, Ct);
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct);

        var named = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/shares/{share}", Ct);
        Assert.Equal(id, named.GetProperty("madeByToken").GetGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await contributor.PostAsJsonAsync("/api/v1/shares/stop", new { token = id }, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync("/api/v1/shares/stop", new { token = id }, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.PostAsJsonAsync("/api/v1/shares/stop", new { token = id, recording = recording.Id }, Ct)).StatusCode);

        var stopped = await (await owner.PostAsJsonAsync("/api/v1/shares/stop", new { token = id }, Ct)).Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(1, stopped.GetProperty("stopped").GetInt32());
        Assert.Equal(["stopped", "open"], [await StateAsync(tenant, share), await StateAsync(tenant, other)]);
        browser.Dispose();
    }

    [Fact]
    public async Task No_link_is_made_by_a_token_that_ended_while_the_request_ran()
    {
        var (tenant, browser, token, recording) = await HouseAsync();
        var id = TokenText.Parse(token)!.Id;
        await browser.PostFormAsync($"{Page}/{id}/revoke", [], Ct, page: Page);

        // What the requests have left to do when they were let in before the revocation.
        await using var scope = tenant.Enter();
        var creation = scope.ServiceProvider.GetRequiredService<CreateShare.ShareCreation>();
        var (ended, live) = (new MemberPass(tenant.Owner.Id, null, id), new MemberPass(tenant.Owner.Id, null, TokenText.Parse(await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct))!.Id));

        Assert.Null(await creation.AddAsync(recording.Id, CreateShareRequest.Empty, SecretToken.New(), ended, Actor.System, Ct));
        Assert.Equal(([], []), await creation.AddAllAsync([(recording.Id, SecretToken.New())], CreateShareRequest.Empty, ended, Actor.System, () => Task.FromResult<IReadOnlyList<BulkRefusal>>([]), Ct));
        Assert.NotNull(await creation.AddAsync(recording.Id, CreateShareRequest.Empty, SecretToken.New(), live, Actor.System, Ct));
        browser.Dispose();
    }

    [Theory]
    [InlineData(true, "stopped")]
    [InlineData(false, "open")]
    public async Task A_persons_link_that_a_token_opened_up_ends_with_it_unless_a_person_gave_it_a_new_address(bool isLast, string expected)
    {
        var (tenant, browser, token, recording) = await HouseAsync();
        using var made = await browser.SendJsonAsync(HttpMethod.Post, $"{recording.Path}/shares", new { }, Ct);
        var mine = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        using var script = Script(shared.Vault, token);

        using var opened = await script.PatchAsJsonAsync($"/api/v1/shares/{mine}", new { newSecret = true }, Ct);
        if (!isLast)
            (await browser.SendJsonAsync(HttpMethod.Patch, $"/api/v1/shares/{mine}", new { newSecret = true }, Ct)).EnsureSuccessStatusCode();
        var page = await (await browser.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct);
        await browser.PostFormAsync($"{Page}/{TokenText.Parse(token)!.Id}/revoke", [("stop-links", "yes")], Ct, page: Page);

        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Equal(isLast, page.Contains("Stop its link too", StringComparison.Ordinal));
        Assert.Equal(expected, await StateAsync(tenant, mine));
        browser.Dispose();
    }

    [Fact]
    public async Task No_link_is_changed_by_a_token_that_ended_while_the_request_ran()
    {
        var (tenant, browser, token, recording) = await HouseAsync();
        var id = await ShareAsync(token, recording);
        var pass = new MemberPass(tenant.Owner.Id, null, TokenText.Parse(token)!.Id);
        await browser.PostFormAsync($"{Page}/{TokenText.Parse(token)!.Id}/revoke", [], Ct, page: Page);

        // What the request has left to do when it was let in before the revocation.
        await using var scope = tenant.Enter();
        var share = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Shares.SingleAsync(share => share.Id == id, Ct);
        share.AllowDownload = true;
        share.Touch();
        var refused = await scope.ServiceProvider.GetRequiredService<ChangeShare.ShareRecord>().SaveAsync(share, "share.changed", "allowDownload", pass, Actor.System, Ct);

        Assert.Equal(Problem.Unauthorized, refused);
        var kept = await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/shares/{id}", Ct);
        Assert.True(kept.GetProperty("viewOnly").GetBoolean());
        Assert.False(await tenant.HasEventAsync("share.changed", id, Ct));
        browser.Dispose();
    }

    [Fact]
    public async Task Tokens_of_others_are_named_to_owners_and_admins_only()
    {
        var (tenant, browser, token, recording) = await HouseAsync();
        var contributor = await tenant.AddAsync(Role.Contributor, Ct);
        await ShareAsync(token, recording);
        using var other = new TestBrowser(shared.Vault);
        await other.SignInAsync(contributor, Ct);

        var before = await (await other.GetAsync("/links", Ct)).Content.ReadAsStringAsync(Ct);
        await ShareAsync(await tenant.TokenAsync(contributor, Role.Contributor, Ct), recording);
        var after = await (await other.GetAsync("/links", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.DoesNotContain("with the token", before, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(after, "with the token"));
        browser.Dispose();
    }

    [Fact]
    public async Task Who_may_stop_no_links_stops_none_by_a_token_of_his()
    {
        var (tenant, _, _, _) = await HouseAsync();
        var viewer = await tenant.AddAsync(Role.Viewer, Ct);
        var id = TokenText.Parse(await tenant.TokenAsync(viewer, Role.Viewer, Ct))!.Id;
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(viewer, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostFormAsync($"{Page}/{id}/stop-links", [], Ct, page: Page)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostFormAsync($"{Page}/{id}/revoke", [("stop-links", "yes")], Ct, page: Page)).StatusCode);
        Assert.False(await tenant.HasEventAsync("token.revoked", id, Ct));
    }

    private async Task<(TestTenant Tenant, TestBrowser Browser, string Token, StoredRecording Recording)> HouseAsync()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return (tenant, browser, await tenant.TokenAsync(tenant.Owner, Role.Contributor, Ct), await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct));
    }

    private async Task<Guid> ShareAsync(string token, StoredRecording recording)
    {
        using var script = Script(shared.Vault, token);
        using var made = await script.PostAsJsonAsync($"{recording.Path}/shares", new { }, Ct);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
    }

    private static HttpClient Script(TestVault vault, string token)
    {
        var client = vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<string?> StateAsync(TestTenant tenant, Guid share)
    {
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        return (await owner.GetFromJsonAsync<JsonElement>($"/api/v1/shares/{share}", Ct)).GetProperty("state").GetString();
    }
}
