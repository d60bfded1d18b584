using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>A label of one recording: tightened by whoever may change it, loosened by an Owner or Admin who says why.</summary>
public sealed class LabelTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Owner")]
    [InlineData("Admin")]
    public async Task A_label_is_loosened_with_a_reason_that_the_log_keeps(string by)
    {
        var role = Enum.Parse<Role>(by);
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, role);

        using var silent = await PostAsync(browser, id, "internal", " ");
        using var done = await PostAsync(browser, id, "internal", " The whole team was there. ");
        var told = Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "recording.loosened");
        var log = role is Role.Owner ? await ReadPageAsync(browser, "/audit") : null;

        Assert.Equal(HttpStatusCode.BadRequest, silent.StatusCode);
        Assert.Contains("id=\"reason-error\"", await silent.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal($"/recordings/{id}", done.Headers.Location?.OriginalString);
        Assert.Equal("internal", await LabelOf(tenant, id));
        Assert.Equal(id, told.GetProperty("target").GetProperty("id").GetGuid());
        Assert.Equal(("internal", "restricted", "The whole team was there."), (Detail(told, "label"), Detail(told, "before"), Detail(told, "why")));
        if (log is not null)
            Assert.Contains("The reason given: “The whole team was there.”", WebUtility.HtmlDecode(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contributor_tightens_is_told_why_he_does_not_loosen_and_the_try_is_in_the_log()
    {
        var (tenant, id) = await MakeAsync("confidential");
        using var browser = await SignInAsync(tenant, Role.Contributor);

        var page = await ReadPageAsync(browser, $"/recordings/{id}/edit");
        using var loosened = await PostAsync(browser, id, "public", "Because.");
        using var tightened = await PostAsync(browser, id, "restricted", "");
        using var byScript = await browser.SendJsonAsync(HttpMethod.Put, $"/api/v1/recordings/{id}/label", new { label = "public", reason = "Because." }, Ct);

        Assert.Contains("Only an owner or an admin makes it looser", page, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"public\"", page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Redirect), (loosened.StatusCode, tightened.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, "loosening-for-owners"), (byScript.StatusCode, await SharedLink.SlugAsync(byScript, Ct)));
        Assert.Equal("restricted", await LabelOf(tenant, id));
        var told = (await tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "recording.loosened").ToList();
        Assert.Equal(2, told.Count);
        Assert.All(told, line => Assert.Equal(("refused", "loosening-for-owners"), (line.GetProperty("outcome").GetString(), Detail(line, "reason"))));
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "recording.labelled");
    }

    [Fact]
    public async Task An_old_sign_in_is_shown_again_first_and_what_was_written_stays()
    {
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, Role.Owner);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var stale = await PostAsync(browser, id, "internal", "All agreed.");
        var page = await stale.Content.ReadAsStringAsync(Ct);
        using var byScript = await browser.SendJsonAsync(HttpMethod.Put, $"/api/v1/recordings/{id}/label", new { label = "internal", reason = "All agreed." }, Ct);
        var before = await LabelOf(tenant, id);
        (await browser.PostFormAsync(FreshSignIn.Page, [("password", tenant.Owner.Password), ("returnTo", "/")], Ct)).Dispose();
        using var fresh = await PostAsync(browser, id, "internal", "All agreed.");

        Assert.Equal(HttpStatusCode.Forbidden, stale.StatusCode);
        Assert.Contains(">All agreed.</textarea>", page, StringComparison.Ordinal);
        Assert.Contains(FreshSignIn.PageBefore($"/recordings/{id}/edit").Replace("&", "&amp;", StringComparison.Ordinal), page, StringComparison.Ordinal);
        Assert.Matches("value=\"internal\" checked", page);
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(byScript, Ct));
        Assert.Equal(("restricted", HttpStatusCode.Redirect, "internal"), (before, fresh.StatusCode, await LabelOf(tenant, id)));
    }

    [Fact]
    public async Task A_token_tightens_and_loosens_nothing()
    {
        var (tenant, id) = await MakeAsync("internal");
        var script = await tenant.ClientAsync(Role.Owner, Ct);

        using var tightened = await script.PutAsJsonAsync($"/api/v1/recordings/{id}/label", new { label = "confidential" }, Ct);
        using var loosened = await script.PutAsJsonAsync($"/api/v1/recordings/{id}/label", new { label = "public", reason = "Because." }, Ct);

        Assert.Equal("confidential", (await tightened.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("label").GetString());
        Assert.Equal((HttpStatusCode.Forbidden, "person-needed"), (loosened.StatusCode, await SharedLink.SlugAsync(loosened, Ct)));
        Assert.Equal("confidential", await LabelOf(tenant, id));
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_a_viewer_changes_nothing_and_a_wrong_label_is_named()
    {
        var (tenant, id) = await MakeAsync();
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(vault.Vault, Ct), Role.Owner);
        using var viewer = await SignInAsync(tenant, Role.Viewer);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        using var foreign = await PostAsync(stranger, id, "public", "Because.");
        using var foreignScript = await stranger.SendJsonAsync(HttpMethod.Put, $"/api/v1/recordings/{id}/label", new { label = "public", reason = "Because." }, Ct);
        using var refused = await PostAsync(viewer, id, "restricted", "");
        using var wrong = await owner.PutAsJsonAsync($"/api/v1/recordings/{id}/label", new { label = "secret" }, Ct);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (foreign.StatusCode, foreignScript.StatusCode, refused.StatusCode));
        Assert.Equal((HttpStatusCode.BadRequest, "label"), (wrong.StatusCode, (await wrong.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString()));
        Assert.Equal("restricted", await LabelOf(tenant, id));
    }

    private async Task<(TestTenant Tenant, Guid Id)> MakeAsync(string label = "restricted")
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Session with Anna" }, Ct);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        if (label is "internal")
        {
            using var browser = await SignInAsync(tenant, Role.Owner);
            (await PostAsync(browser, id, label, "For the test.")).Dispose();
        }
        else
        {
            (await owner.PutAsJsonAsync($"/api/v1/recordings/{id}/label", new { label }, Ct)).EnsureSuccessStatusCode();
        }

        Assert.Equal(label, await LabelOf(tenant, id));
        return (tenant, id);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static Task<HttpResponseMessage> PostAsync(TestBrowser browser, Guid id, string label, string reason) =>
        browser.PostFormAsync($"/recordings/{id}/label", [("label", label), ("reason", reason)], Ct, "/");

    private static async Task<string> ReadPageAsync(TestBrowser browser, string path) => await (await browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct);

    private static async Task<string?> LabelOf(TestTenant tenant, Guid id) =>
        (await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct)).GetProperty("label").GetString();

    private static string? Detail(JsonElement line, string name) => line.GetProperty("details").TryGetProperty(name, out var value) ? value.GetString() : null;
}
