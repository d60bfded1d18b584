using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>The default tag, no text and data mining, in every carrier that a machine may look at first.</summary>
public sealed class UsageCarrierTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/signin")]
    [InlineData("/s/7b0e2f5e-7d52-4c55-9d0a-6f2f1f8d3a10")]
    [InlineData("/nothing-here")]
    [InlineData("/robots.txt")]
    [InlineData("/.well-known/tdmrep.json")]
    [InlineData("/license.xml")]
    public async Task Every_answer_carries_the_headers(string path)
    {
        using var browser = new TestBrowser(shared.Vault);
        using var answer = await browser.GetAsync(path, Ct);

        RequireCarriers(answer);
    }

    [Fact]
    public async Task Content_carries_them_too()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct);
        var owner = await recording.Tenant.ClientAsync(Server.Platform.Security.Role.Owner, Ct);
        using var content = await owner.GetAsync(recording.Path + "/content", Ct);
        using var download = await owner.GetAsync(recording.Path + "/download", Ct);

        RequireCarriers(content);
        RequireCarriers(download);
    }

    [Fact]
    public async Task The_files_that_machines_ask_for_say_no()
    {
        var robots = await shared.Vault.Bare.GetStringAsync("/robots.txt", Ct);
        var tdmrep = JsonDocument.Parse(await shared.Vault.Bare.GetStringAsync("/.well-known/tdmrep.json", Ct)).RootElement;
        using var answer = await shared.Vault.Bare.GetAsync("/license.xml", Ct);
        var license = XDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        XNamespace rsl = "https://rslstandard.org/rsl";

        var lines = robots.Split('\n');
        Assert.Contains("User-agent: *", lines);
        Assert.Contains("Disallow: /", lines);
        Assert.Contains("Content-Usage: train-ai=n, search=n", lines);
        Assert.Contains($"License: {shared.Vault.Address.GetLeftPart(UriPartial.Authority)}/license.xml", lines);
        var rule = Assert.Single(tdmrep.EnumerateArray());
        Assert.Equal(("/", 1), (rule.GetProperty("location").GetString(), rule.GetProperty("tdm-reservation").GetInt32()));
        Assert.Equal("application/rsl+xml", answer.Content.Headers.ContentType!.MediaType);
        var prohibits = Assert.Single(license.Root!.Descendants(rsl + "prohibits"));
        Assert.Equal(("usage", "ai-all search"), (prohibits.Attribute("type")!.Value, prohibits.Value));
        Assert.Empty(license.Root.Descendants(rsl + "permits"));
    }

    [Fact]
    public async Task The_licence_of_a_looser_tag_prohibits_what_that_tag_does_and_permits_no_more()
    {
        XNamespace rsl = "https://rslstandard.org/rsl";
        var search = XDocument.Parse(await shared.Vault.Bare.GetStringAsync("/licenses/no-tdm-except-search.xml", Ct));
        var training = XDocument.Parse(await shared.Vault.Bare.GetStringAsync("/licenses/no-ai-training.xml", Ct));
        using var nothing = await shared.Vault.Bare.GetAsync("/licenses/whatever.xml", Ct);

        Assert.Equal(("ai-all", "search"), (Assert.Single(search.Descendants(rsl + "prohibits")).Value, Assert.Single(search.Descendants(rsl + "permits")).Value));
        Assert.Equal("ai-train", Assert.Single(training.Descendants(rsl + "prohibits")).Value);
        Assert.Empty(training.Descendants(rsl + "permits"));
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    private static void RequireCarriers(HttpResponseMessage answer)
    {
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("train-ai=n, search=n", Header(answer, "Content-Usage"));
        Assert.Equal("1", Header(answer, "tdm-reservation"));
        Assert.Contains("noai", Header(answer, "X-Robots-Tag"), StringComparison.Ordinal);
        Assert.Contains("/license.xml>; rel=\"license\"", Header(answer, "Link"), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
