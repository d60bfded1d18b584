using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>The regions in which people are recorded, and what their rules add to the policy.</summary>
public sealed class RegionTests(ClockedVault vault) : PlayingTests(vault)
{
    private const string Api = "/api/v1/tenant/consent";
    private const string Page = "/settings/organisation/consent";

    [Fact]
    [Trait("Run", "Once")]
    public void Every_region_of_the_file_has_a_source_and_a_known_rule()
    {
        Assert.NotEmpty(RegionPresets.Disclaimer);
        Assert.All(RegionPresets.Regions, region =>
        {
            Assert.True(ConsentRegion.IsCode(region.Code));
            Assert.NotEmpty(region.Source);
            Assert.NotNull(ConsentWords.Of(Enum.GetValues<RegionRule>(), region.Rule));
        });
        Assert.Equal(RegionPresets.Regions.Select(region => region.Code).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal), RegionPresets.Regions.Select(region => region.Code));
    }

    [Fact]
    [Trait("Run", "Once")]
    public void Of_several_regions_the_strictest_rule_counts_and_none_asks_less_than_the_policy()
    {
        var none = ConsentPolicy.Default;
        var one = none with { Regions = [new("US-NY", "New York", RegionRule.OneParty)] };
        var both = one with { Regions = [.. one.Regions, new("DE", "Germany", RegionRule.AllParty)] };
        var lax = new ConsentPolicy(new Dictionary<(ConfidentialityLabel?, Purpose), PurposeRule> { [(null, Purpose.ShareExternal)] = new(ConsentNeed.Nobody, WhenMissing.Warn) }, one.Regions);

        Assert.Equal(PurposeRule.Default, one.For(ConfidentialityLabel.Internal, Purpose.ShareExternal));
        Assert.Equal(new PurposeRule(ConsentNeed.Everybody, WhenMissing.Refuse), both.For(ConfidentialityLabel.Public, Purpose.ShareExternal));
        Assert.Equal(PurposeRule.Default, lax.For(ConfidentialityLabel.Internal, Purpose.ShareExternal));
        Assert.True(both.IsAsStrictAs(one) && one.IsAsStrictAs(none) && !one.IsAsStrictAs(both));
    }

    [Fact]
    public async Task A_region_where_everybody_has_to_agree_stops_what_nobody_was_asked_about_and_leaving_it_needs_a_reason()
    {
        var recording = await PutAsync();
        var said = await Ledgered.MakeAsync(Tenant, recording.Id, Cancel, "Ben", "Zoë");
        var link = await SharedLink.MakeAsync(recording, Cancel);
        var visitor = await Visitor.AtAsync(Vault.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
        var owner = await Tenant.ClientAsync(Role.Owner, Cancel);
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(Tenant.Owner, Cancel);

        using var set = await owner.PutAsJsonAsync(Api, new { regions = new object[] { new { code = "US-NY" }, new { code = "DE" } } }, Cancel);
        var shown = await set.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        using var refused = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        using var more = await owner.PutAsJsonAsync(Api, new { rules = new[] { new { purpose = "keep", needs = "everybody", whenMissing = "warn" } } }, Cancel);
        using var kept = await owner.PutAsJsonAsync(Api, new { rules = new[] { new { purpose = "data-mining", needs = "everybody", whenMissing = "refuse" } } }, Cancel);
        using var byScript = await owner.PutAsJsonAsync(Api, new { regions = Array.Empty<object>(), reason = "We left." }, Cancel);
        using var silent = await browser.SendJsonAsync(HttpMethod.Put, Api, new { regions = Array.Empty<object>() }, Cancel);
        using var left = await browser.SendJsonAsync(HttpMethod.Put, Api, new { regions = new object[] { new { code = "AT", name = "Austria", rule = "one-party" } }, reason = "Nobody of ours is in Germany." }, Cancel);
        using var open = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        var after = await left.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal("DE Germany all-party, US-NY New York one-party", Regions(shown));
        Assert.Equal(HttpStatusCode.BadRequest, more.StatusCode);
        Assert.Equal("DE Germany all-party, US-NY New York one-party", Regions(await kept.Content.ReadFromJsonAsync<JsonElement>(Cancel)));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.OK), (byScript.StatusCode, silent.StatusCode, left.StatusCode));
        Assert.Equal("AT Austria one-party", Regions(after));
        Assert.Single(after.GetProperty("rules").EnumerateArray());
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, open.StatusCode));
        var events = await said.Tenant.EventsAsync(Cancel);
        Assert.Contains(events, line => line.GetProperty("type").GetString() == "consent-policy.tightened" && line.GetProperty("details").GetProperty("rules").GetString() == "DE=all-party US-NY=one-party");
        Assert.Contains(events, line => line.GetProperty("type").GetString() == "consent-policy.loosened" && line.GetProperty("details").TryGetProperty("why", out var why) && why.GetString() == "Nobody of ours is in Germany.");
    }

    [Theory]
    [InlineData("""{"regions":[{"code":"de"}]}""", "regions[0].code")]
    [InlineData("""{"regions":[{"code":"AT"}]}""", "regions[0].name")]
    [InlineData("""{"regions":[{"code":"DE"},{"code":"AT","name":"Austria"}]}""", "regions[1].rule")]
    [InlineData("""{"regions":[{"code":"DE"},{"code":"DE"}]}""", "regions[1].code")]
    [InlineData("""{"regions":[null]}""", "regions[0].code")]
    public async Task What_is_wrong_in_a_list_of_regions_is_named(string body, string field)
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Cancel);
        var owner = await tenant.ClientAsync(Role.Owner, Cancel);

        using var answer = await owner.PutAsync(Api, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_adds_a_region_from_the_list_and_one_of_ones_own_and_removes_it()
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Cancel);
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(tenant.Owner, Cancel);

        using var added = await browser.PostFormAsync(Page + "/regions", [("code", "US-CA")], Cancel);
        using var own = await browser.PostFormAsync(Page + "/regions", [("code", "US-NV"), ("name", "Nevada"), ("rule", "notice-only")], Cancel);
        using var wrong = await browser.PostFormAsync(Page + "/regions", [("code", "Nevada"), ("name", ""), ("rule", "notice-only")], Cancel);
        var read = WebUtility.HtmlDecode(await (await browser.GetAsync(Page, Cancel)).Content.ReadAsStringAsync(Cancel));
        using var silent = await browser.PostFormAsync(Page + "/regions/remove", [("code", "US-CA"), ("reason", "")], Cancel);
        using var removed = await browser.PostFormAsync(Page + "/regions/remove", [("code", "US-NV"), ("reason", "")], Cancel);
        using var viewer = new TestBrowser(Vault.Vault);
        await viewer.SignInAsync(await tenant.AddAsync(Role.Viewer, Cancel), Cancel);
        using var forbidden = await viewer.PostFormAsync(Page + "/regions", [("code", "DE")], Cancel);
        using var forbiddenToo = await viewer.PostFormAsync(Page + "/regions/remove", [("code", "US-CA")], Cancel);
        var presets = await (await tenant.ClientAsync(Role.Viewer, Cancel)).GetFromJsonAsync<JsonElement>("/api/v1/consent-regions", Cancel);
        var rules = await (await tenant.ClientAsync(Role.Viewer, Cancel)).GetFromJsonAsync<JsonElement>(Api, Cancel);

        Assert.Equal((Page + "#regions", Page + "#regions", Page + "#regions"), (added.Headers.Location?.OriginalString, own.Headers.Location?.OriginalString, removed.Headers.Location?.OriginalString));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (wrong.StatusCode, silent.StatusCode));
        Assert.Contains("California Penal Code § 632", read, StringComparison.Ordinal);
        Assert.Contains("Nevada", read, StringComparison.Ordinal);
        Assert.Contains("no legal advice", read, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (forbidden.StatusCode, forbiddenToo.StatusCode));
        Assert.Equal(RegionPresets.Regions.Count, presets.GetProperty("items").GetArrayLength());
        Assert.Equal("US-CA California all-party", Regions(rules));
    }

    [Fact]
    public async Task Another_organisation_has_regions_of_its_own()
    {
        var (one, other) = (await TestTenant.CreateAsync(Vault.Vault, Cancel), await TestTenant.CreateAsync(Vault.Vault, Cancel));
        (await (await one.ClientAsync(Role.Owner, Cancel)).PutAsJsonAsync(Api, new { regions = new[] { new { code = "DE" } } }, Cancel)).EnsureSuccessStatusCode().Dispose();

        Assert.Empty(Regions(await (await other.ClientAsync(Role.Owner, Cancel)).GetFromJsonAsync<JsonElement>(Api, Cancel)));
    }

    private static string Regions(JsonElement policy) =>
        string.Join(", ", policy.GetProperty("regions").EnumerateArray().Select(region => $"{region.GetProperty("code").GetString()} {region.GetProperty("name").GetString()} {region.GetProperty("rule").GetString()}"));
}
