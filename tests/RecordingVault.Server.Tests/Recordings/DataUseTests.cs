using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>What an organisation says publicly of the use of recordings: open to all, and each change can be seen.</summary>
public sealed class DataUseTests(SharedVault shared)
{
    private static readonly string[] s_inference = ["inference"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anybody_reads_it_as_a_page_and_as_json_and_in_german()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var german = new HttpRequestMessage(HttpMethod.Get, $"/t/{tenant.Id}/data-use");
        german.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("de"));

        var page = await shared.Vault.Bare.GetStringAsync($"/t/{tenant.Id}/data-use", Ct);
        var statement = await JsonAsync(tenant);
        using var deutsch = await shared.Vault.Bare.SendAsync(german, Ct);

        Assert.Contains(tenant.Name, page, StringComparison.Ordinal);
        Assert.Contains("It trains no AI", page, StringComparison.Ordinal);
        Assert.Contains("Was der Tresor nie tut", await deutsch.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((tenant.Id, tenant.Name, 1, "no-tdm"), (statement.GetProperty("tenant").GetGuid(), statement.GetProperty("name").GetString(), statement.GetProperty("version").GetInt32(), statement.GetProperty("usage").GetProperty("tag").GetString()));
        Assert.Equal(5, statement.GetProperty("needConsent").GetArrayLength());
        foreach (var part in new[] { "stored", "readers", "never" })
            Assert.All(statement.GetProperty(part).EnumerateArray(), line => Assert.EndsWith(".", line.GetString(), StringComparison.Ordinal));
        Assert.Single(statement.GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task Each_change_of_the_policy_is_a_version_that_shows_what_changed()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var owner = await SignInAsync(tenant);
        (await owner.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { tag = "constrained", needConsent = s_inference, reason = "Agreed." }, Ct)).EnsureSuccessStatusCode().Dispose();
        (await owner.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { tag = "constrained" }, Ct)).EnsureSuccessStatusCode().Dispose();

        var statement = await JsonAsync(tenant);
        var newest = statement.GetProperty("versions")[0];
        var page = await shared.Vault.Bare.GetStringAsync($"/t/{tenant.Id}/data-use", Ct);

        Assert.Equal((2, 2, "constrained"), (statement.GetProperty("version").GetInt32(), statement.GetProperty("versions").GetArrayLength(), statement.GetProperty("usage").GetProperty("tag").GetString()));
        Assert.Equal(("no-tdm", "constrained"), (newest.GetProperty("tagBefore").GetString(), newest.GetProperty("tag").GetString()));
        Assert.Equal(["generative-training", "other-training", "mining", "search"], newest.GetProperty("consentRemoved").EnumerateArray().Select(use => use.GetString()));
        Assert.Equal(JsonValueKind.Null, statement.GetProperty("versions")[1].GetProperty("tagBefore").ValueKind);
        Assert.Contains("<del>no-tdm</del> <ins>constrained</ins>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_signed_in_elsewhere_reads_it_too_and_what_is_no_organisation_is_not_there()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(shared.Vault, Ct));

        using var read = await stranger.GetAsync($"/t/{tenant.Id}/data-use", Ct);
        foreach (var id in new[] { Guid.NewGuid(), Guid.Empty })
        {
            using var page = await shared.Vault.Bare.GetAsync($"/t/{id}/data-use", Ct);
            using var json = await shared.Vault.Bare.GetAsync($"/t/{id}/data-use.json", Ct);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (page.StatusCode, json.StatusCode));
        }

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Contains(tenant.Name, await read.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private async Task<JsonElement> JsonAsync(TestTenant tenant) => JsonDocument.Parse(await shared.Vault.Bare.GetStringAsync($"/t/{tenant.Id}/data-use.json", Ct)).RootElement;

    private async Task<TestBrowser> SignInAsync(TestTenant tenant)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        return browser;
    }
}
