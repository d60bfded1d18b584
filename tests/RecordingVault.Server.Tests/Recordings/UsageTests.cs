using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>The usage tag of one recording and of many, and the policy above them: stricter by whoever may change it, looser by an Owner or Admin who says why.</summary>
public sealed class UsageTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static readonly string[] s_none = [];
    private static readonly string[] s_inference = ["inference"];
    private static readonly string[] s_unknown = ["everything"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Owner")]
    [InlineData("Admin")]
    public async Task A_tag_is_loosened_with_a_reason_that_the_log_keeps(string by)
    {
        var role = Enum.Parse<Role>(by);
        var (tenant, id) = await MakeAsync();
        await NeedNoConsentAsync(tenant);
        using var browser = await SignInAsync(tenant, role);

        using var silent = await PostAsync(browser, id, "allowed", " ");
        using var done = await PostAsync(browser, id, "allowed", " Everybody signed. ");
        var told = Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "recording.tag-loosened");
        var usage = await UsageAsync(tenant, id);

        Assert.Equal(HttpStatusCode.BadRequest, silent.StatusCode);
        Assert.Contains("id=\"reason-error\"", await silent.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal($"/recordings/{id}/use", done.Headers.Location?.OriginalString);
        Assert.Equal((id, "allowed", "no-tdm", "Everybody signed."), (told.GetProperty("target").GetProperty("id").GetGuid(), Detail(told, "tag"), Detail(told, "before"), Detail(told, "why")));
        // The policy was not loosened: what holds is still the strictest.
        Assert.Equal(("allowed", "no-tdm"), (usage.GetProperty("tag").GetString(), usage.GetProperty("usage").GetProperty("tag").GetString()));
        Assert.False(usage.GetProperty("purposes").GetProperty("ai-training").GetBoolean());
    }

    [Fact]
    public async Task Without_the_consent_that_the_policy_asks_nothing_is_loosened_and_the_try_is_in_the_log()
    {
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var byForm = await PostAsync(browser, id, "no-ai-training", "They said so.");
        using var byScript = await PutAsync(browser, id, "no-ai-training", "They said so.");

        Assert.Contains("consent of everybody recorded", await byForm.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, "consent-missing"), (byForm.StatusCode, byScript.StatusCode, await SharedLink.SlugAsync(byScript, Ct)));
        Assert.Equal("no-tdm", (await UsageAsync(tenant, id)).GetProperty("tag").GetString());
        var tries = (await tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "recording.tag-loosened").ToList();
        Assert.Equal(2, tries.Count);
        Assert.All(tries, line => Assert.Equal(("refused", "consent-missing"), (line.GetProperty("outcome").GetString(), Detail(line, "reason"))));
    }

    [Fact]
    public async Task A_contributor_tightens_and_does_not_loosen_and_a_token_neither()
    {
        var (tenant, id) = await MakeAsync("constrained");
        using var browser = await SignInAsync(tenant, Role.Contributor);
        var script = await tenant.ClientAsync(Role.Owner, Ct);

        using var loosened = await PutAsync(browser, id, "allowed", "Because.");
        using var byToken = await script.PutAsJsonAsync($"/api/v1/recordings/{id}/usage", new { tag = "allowed", reason = "Because." }, Ct);
        using var tightened = await PostAsync(browser, id, "no-tdm", "");
        using var page = await browser.GetAsync($"/recordings/{id}/use", Ct);
        var read = await page.Content.ReadAsStringAsync(Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "tag-loosening-for-owners"), (loosened.StatusCode, await SharedLink.SlugAsync(loosened, Ct)));
        Assert.Equal((HttpStatusCode.Forbidden, "person-needed"), (byToken.StatusCode, await SharedLink.SlugAsync(byToken, Ct)));
        Assert.Equal(HttpStatusCode.Redirect, tightened.StatusCode);
        Assert.Equal("no-tdm", (await UsageAsync(tenant, id)).GetProperty("tag").GetString());
        Assert.Contains(await tenant.EventTypesAsync(Ct), type => type == "recording.tag-tightened");
        Assert.Contains("Only an owner or an admin makes it looser", read, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"allowed\"", read, StringComparison.Ordinal);
        Assert.Contains("the organisation&#x27;s policy", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_sign_in_is_shown_again_first()
    {
        var (tenant, id) = await MakeAsync();
        await NeedNoConsentAsync(tenant);
        using var browser = await SignInAsync(tenant, Role.Owner);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var stale = await PostAsync(browser, id, "allowed", "All agreed.");
        using var policy = await browser.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { tag = "allowed", reason = "All agreed." }, Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "fresh-sign-in"), (stale.StatusCode, await SharedLink.SlugAsync(policy, Ct)));
        Assert.Contains(">All agreed.</textarea>", await stale.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal("no-tdm", (await UsageAsync(tenant, id)).GetProperty("tag").GetString());
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_a_viewer_changes_nothing_and_a_wrong_tag_is_named()
    {
        var (tenant, id) = await MakeAsync();
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(vault.Vault, Ct), Role.Owner);
        using var viewer = await SignInAsync(tenant, Role.Viewer);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        using var read = await stranger.GetAsync($"/api/v1/recordings/{id}/usage", Ct);
        using var page = await stranger.GetAsync($"/recordings/{id}/use", Ct);
        using var foreign = await PutAsync(stranger, id, "no-tdm", "");
        using var foreignForm = await PostAsync(stranger, id, "no-tdm", "");
        using var refused = await PostAsync(viewer, id, "no-tdm", "");
        using var seen = await viewer.GetAsync($"/recordings/{id}/use", Ct);
        using var wrong = await owner.PutAsJsonAsync($"/api/v1/recordings/{id}/usage", new { tag = "unspecified" }, Ct);

        Assert.All([read, page, foreign, foreignForm], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, seen.StatusCode));
        Assert.Equal((HttpStatusCode.BadRequest, "tag"), (wrong.StatusCode, (await wrong.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString()));
    }

    [Fact]
    public async Task A_person_who_presses_a_download_that_is_refused_is_led_to_what_stands_in_the_way()
    {
        var recording = await StoredRecording.PutAsync(vault.Vault, await TestTenant.CreateAsync(vault.Vault, Ct), 1_000, Ct);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        using var browser = await SignInAsync(recording.Tenant, Role.Owner);
        (await owner.PutAsJsonAsync($"{recording.Path}/label", new { label = "restricted" }, Ct)).EnsureSuccessStatusCode().Dispose();

        using var byScript = await browser.GetAsync($"{recording.Path}/download", Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{recording.Path}/download");
        request.Headers.Add("Sec-Fetch-Dest", "document");
        using var pressed = await browser.SendAsync(request, Ct);
        using var page = await browser.GetAsync($"/recordings/{recording.Id}/use", Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "restricted-stays"), (byScript.StatusCode, await SharedLink.SlugAsync(byScript, Ct)));
        Assert.Equal($"/recordings/{recording.Id}/use", pressed.Headers.Location?.OriginalString);
        Assert.Contains("It is marked restricted.", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_at_once_are_only_made_stricter()
    {
        var (tenant, loose) = await MakeAsync("constrained");
        var strict = await AddAsync(tenant);
        using var browser = await SignInAsync(tenant, Role.Contributor);

        using var refused = await ChooseAsync(browser, "constrained", loose, strict);
        using var done = await ChooseAsync(browser, "no-tdm", loose, strict);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Redirect), (refused.StatusCode, done.StatusCode));
        Assert.Equal("no-tdm", (await UsageAsync(tenant, loose)).GetProperty("tag").GetString());
        Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "recording.tag-tightened" && line.GetProperty("target").GetProperty("id").GetGuid() == loose);
    }

    [Fact]
    public async Task The_policy_is_loosened_in_person_with_a_reason_and_tightened_by_a_script()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var owner = await SignInAsync(tenant, Role.Owner);
        using var contributor = await SignInAsync(tenant, Role.Contributor);
        var script = await tenant.ClientAsync(Role.Admin, Ct);

        using var silent = await owner.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { tag = "allowed" }, Ct);
        using var done = await owner.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { tag = "allowed", needConsent = s_inference, reason = "We decide one by one." }, Ct);
        using var byToken = await script.PutAsJsonAsync("/api/v1/tenant/usage", new { needConsent = s_none, reason = "Because." }, Ct);
        using var refused = await contributor.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { tag = "no-tdm" }, Ct);
        using var wrong = await script.PutAsJsonAsync("/api/v1/tenant/usage", new { needConsent = s_unknown }, Ct);
        var read = await script.GetFromJsonAsync<JsonElement>("/api/v1/tenant/usage", Ct);
        using var tightened = await script.PutAsJsonAsync("/api/v1/tenant/usage", new { tag = "no-tdm" }, Ct);
        var types = await tenant.EventTypesAsync(Ct);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK), (silent.StatusCode, done.StatusCode, tightened.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, "person-needed"), (byToken.StatusCode, await SharedLink.SlugAsync(byToken, Ct)));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("needConsent", (await wrong.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Equal(("allowed", "inference"), (read.GetProperty("tag").GetString(), Assert.Single(read.GetProperty("needConsent").EnumerateArray()).GetString()));
        Assert.Equal((2, 1), (types.Count(type => type == "usage-policy.loosened"), types.Count(type => type == "usage-policy.tightened")));
    }

    [Fact]
    public async Task The_page_of_the_policy_keeps_what_was_written_and_is_read_by_everybody()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var owner = await SignInAsync(tenant, Role.Owner);
        using var auditor = await SignInAsync(tenant, Role.Auditor);

        using var silent = await owner.PostFormAsync("/settings/organisation/use", [("tag", "constrained"), ("consent-search", "yes"), ("reason", "")], Ct, "/");
        using var done = await owner.PostFormAsync("/settings/organisation/use", [("tag", "constrained"), ("consent-search", "yes"), ("reason", "Agreed by all.")], Ct, "/");
        using var forbidden = await auditor.PostFormAsync("/settings/organisation/use", [("tag", "no-tdm"), ("reason", "")], Ct, "/");
        using var page = await auditor.GetAsync("/settings/organisation/use", Ct);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Redirect, HttpStatusCode.Forbidden), (silent.StatusCode, done.StatusCode, forbidden.StatusCode));
        Assert.Matches("value=\"constrained\" checked", await silent.Content.ReadAsStringAsync(Ct));
        Assert.Contains("<strong>constrained</strong>", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private async Task<(TestTenant Tenant, Guid Id)> MakeAsync(string tag = "no-tdm")
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var id = await AddAsync(tenant);
        if (tag != "no-tdm")
        {
            await NeedNoConsentAsync(tenant);
            using var browser = await SignInAsync(tenant, Role.Owner);
            (await PutAsync(browser, id, tag, "For the test.")).EnsureSuccessStatusCode().Dispose();
        }

        return (tenant, id);
    }

    private static async Task<Guid> AddAsync(TestTenant tenant)
    {
        using var made = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync("/api/v1/recordings", new { title = "Session with Anna" }, Ct);
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
    }

    private async Task NeedNoConsentAsync(TestTenant tenant)
    {
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await browser.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { needConsent = s_none, reason = "For the test." }, Ct)).EnsureSuccessStatusCode().Dispose();
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static Task<HttpResponseMessage> PostAsync(TestBrowser browser, Guid id, string tag, string reason) =>
        browser.PostFormAsync($"/recordings/{id}/use", [("tag", tag), ("reason", reason)], Ct, "/");

    private static Task<HttpResponseMessage> PutAsync(TestBrowser browser, Guid id, string tag, string reason) =>
        browser.SendJsonAsync(HttpMethod.Put, $"/api/v1/recordings/{id}/usage", new { tag, reason }, Ct);

    private static Task<HttpResponseMessage> ChooseAsync(TestBrowser browser, string tag, params Guid[] ids) =>
        browser.PostFormAsync("/recordings/chosen/use", [.. ids.Select(id => ("recording", $"{id}")), ("tag", tag)], Ct, "/");

    private static async Task<JsonElement> UsageAsync(TestTenant tenant, Guid id) =>
        await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}/usage", Ct);

    private static string? Detail(JsonElement line, string name) => line.GetProperty("details").GetProperty(name).GetString();
}
