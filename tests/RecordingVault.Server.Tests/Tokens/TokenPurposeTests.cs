using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Tokens;

/// <summary>A token's allow-list: content leaves for what it lists and for nothing else.</summary>
public sealed class TokenPurposeTests(SharedVault shared)
{
    private static readonly string[] SpelledOtherwise = ["VIEW", "view"];
    private static readonly string[] NoneOfOurs = ["ai-everything"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => shared.Vault;

    [Fact]
    public void The_words_are_the_gates_own() =>
        Assert.Equal(
            [ReleasePurpose.View.Name(), ReleasePurpose.Download.Name(), .. Purposes.Stated.Where(purpose => purpose is not (Purpose.ViewInternal or Purpose.ShareExternal)).Select(purpose => purpose.Name())],
            TokenPurposes.All);

    [Theory]
    [InlineData("view", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("download", HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    [InlineData("view download", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task Content_leaves_for_what_the_token_lists_and_for_nothing_else(string purposes, HttpStatusCode viewing, HttpStatusCode download)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var recording = await StoredRecording.PutAsync(Vault, tenant, 1_000, Ct);
        using var client = await ClientAsync(tenant, TokenPurposes.OfRow(purposes));

        var viewed = await client.GetAsync(new Uri($"{recording.Path}/content", UriKind.Relative), Ct);
        var taken = await client.GetAsync(new Uri($"{recording.Path}/download", UriKind.Relative), Ct);

        Assert.Equal((viewing, download), (viewed.StatusCode, taken.StatusCode));
        foreach (var refused in new[] { viewed, taken }.Where(answer => answer.StatusCode == HttpStatusCode.Forbidden))
            Assert.Contains("/problems/purpose-not-listed", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var events = await tenant.EventsAsync(Ct);
        Assert.Equal(new[] { viewed, taken }.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden), events.Count(line =>
            line.GetProperty("type").GetString() == "content.refused" && line.GetProperty("details").GetProperty("reasons").GetString()!.Contains("purpose-not-listed", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", false, HttpStatusCode.Forbidden)]
    [InlineData("download", false, HttpStatusCode.Forbidden)]
    [InlineData("view", false, HttpStatusCode.Created)]
    [InlineData("view", true, HttpStatusCode.Forbidden)]
    [InlineData("view download", true, HttpStatusCode.Created)]
    public async Task A_link_gives_away_no_more_than_the_token_that_makes_it_is_for(string purposes, bool allowDownload, HttpStatusCode expected)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var recording = await StoredRecording.PutAsync(Vault, tenant, 1_000, Ct);
        using var client = await ClientAsync(tenant, TokenPurposes.OfRow(purposes));

        using var made = await client.PostAsJsonAsync($"{recording.Path}/shares", new { allowDownload }, Ct);

        Assert.Equal(expected, made.StatusCode);
        if (expected == HttpStatusCode.Created)
            return;
        Assert.Contains("/problems/purpose-not-listed", await made.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "share.created" && line.GetProperty("outcome").GetString() == "refused");
    }

    [Fact]
    public async Task No_token_takes_a_link_of_somebody_else_or_loosens_it_beyond_its_list()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var recording = await StoredRecording.PutAsync(Vault, tenant, 1_000, Ct);
        using var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var made = await owner.PostAsJsonAsync($"{recording.Path}/shares", new { }, Ct);
        var share = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        using var blind = await ClientAsync(tenant, []);
        using var watching = await ClientAsync(tenant, ["view"]);

        Assert.Equal(HttpStatusCode.Forbidden, (await blind.PatchAsJsonAsync($"/api/v1/shares/{share}", new { newSecret = true }, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await watching.PatchAsJsonAsync($"/api/v1/shares/{share}", new { allowDownload = true }, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await watching.PatchAsJsonAsync($"/api/v1/shares/{share}", new { newSecret = true }, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await blind.PatchAsJsonAsync($"/api/v1/shares/{share}", new { state = "stopped" }, Ct)).StatusCode);
    }

    [Fact]
    public async Task A_session_has_no_such_list()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var recording = await StoredRecording.PutAsync(Vault, tenant, 1_000, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"{recording.Path}/content", Ct)).StatusCode);
    }

    [Fact]
    public async Task The_api_takes_and_shows_purposes_and_when_a_token_was_used()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var made = await JsonAsync(await owner.PostAsJsonAsync("/api/v1/tokens", new { name = "player", days = 1, purposes = SpelledOtherwise }, Ct));
        var usual = await JsonAsync(await owner.PostAsJsonAsync("/api/v1/tokens", new { name = "usual", days = 1 }, Ct));
        var listed = (await owner.GetFromJsonAsync<JsonElement>("/api/v1/tokens", Ct)).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(["view"], Words(made));
        Assert.Equal(["view", "download"], Words(usual));
        Assert.Equal(["view"], Words(listed.Single(token => token.GetProperty("name").GetString() == "player")));
        Assert.Equal(JsonValueKind.String, listed.Single(token => token.GetProperty("name").GetString() == "test").GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, listed.Single(token => token.GetProperty("name").GetString() == "player").GetProperty("lastUsedAt").ValueKind);
        var wrong = await owner.PostAsJsonAsync("/api/v1/tokens", new { name = "x", days = 1, purposes = NoneOfOurs }, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal("purposes", (await JsonAsync(wrong)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_token_made_by_a_token_is_for_no_more_than_it()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var viewer = await ClientAsync(tenant, ["view"]);

        var inherited = await JsonAsync(await viewer.PostAsJsonAsync("/api/v1/tokens", new { name = "child", days = 1 }, Ct));
        var wider = await viewer.PostAsJsonAsync("/api/v1/tokens", new { name = "child", days = 1, purposes = TokenPurposes.All }, Ct);

        Assert.Equal(["view"], Words(inherited));
        Assert.Equal(HttpStatusCode.Forbidden, wider.StatusCode);
        Assert.Contains("/problems/purposes-too-wide", await wider.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private async Task<HttpClient> ClientAsync(TestTenant tenant, IReadOnlyList<string> purposes)
    {
        await using var scope = tenant.Enter();
        var made = await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(new NewToken("narrow", tenant.Owner.Id, Role.Owner, 30) { Purposes = purposes }, Actor.System, Ct);
        var client = Vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made!.Value.Text.Show());
        return client;
    }

    private static List<string> Words(JsonElement token) => [.. token.GetProperty("purposes").EnumerateArray().Select(word => word.GetString()!)];

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
}
