using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Audit;

/// <summary>Which events the log's list and page show.</summary>
public sealed class LogPageTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Filters_leave_of_the_list_what_they_say()
    {
        var link = await OpenedLinkAsync();
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Ct);

        Assert.All(await ListAsync(owner, "outcome=refused"), line => Assert.Equal("refused", line.GetProperty("outcome").GetString()));
        Assert.Contains("share.refused", Types(await ListAsync(owner, "outcome=refused")));
        Assert.DoesNotContain("share.refused", Types(await ListAsync(owner, "outcome=allowed")));
        Assert.All(await ListAsync(owner, "who=people"), line => Assert.Contains(line.GetProperty("actor").GetProperty("kind").GetString(), (string[])["member", "share"]));
        Assert.All(await ListAsync(owner, "who=machines"), line => Assert.Contains(line.GetProperty("actor").GetProperty("kind").GetString(), (string[])["system", "token"]));
        Assert.Empty(await ListAsync(owner, "who=operators"));
        Assert.Equal(["share.created", "share.opened", "share.refused"], Types(await ListAsync(owner, "about=links")).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["share.opened"], Types(await ListAsync(owner, "about=links&outcome=allowed&who=people")));
        Assert.All(await ListAsync(owner, $"target={link.Id}"), line => Assert.Equal(link.Id, line.GetProperty("target").GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task The_activity_of_a_recording_tells_of_its_links_and_uploads_too_and_of_no_other()
    {
        var link = await OpenedLinkAsync();
        var other = await StoredRecording.PutAsync(vault.Vault, link.Recording.Tenant, 100_000, Ct);
        var otherLink = await SharedLink.MakeAsync(other, Ct);
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Ct);
        using var upload = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        upload.Headers.Add("Tus-Resumable", "1.0.0");
        upload.Headers.Add("Upload-Length", "1000");
        upload.Headers.Add("Upload-Metadata", $"recording {Convert.ToBase64String(Encoding.UTF8.GetBytes(link.Recording.Id.ToString()))}");
        (await owner.SendAsync(upload, Ct)).EnsureSuccessStatusCode();

        var lines = await ListAsync(owner, $"target={link.Recording.Id}");

        Assert.Superset(new HashSet<string>(["recording.created", "share.created", "share.opened", "share.refused", "upload.created"]), Types(lines).ToHashSet());
        Assert.DoesNotContain(lines, line => line.GetProperty("target").GetProperty("id").GetGuid() is var id && (id == other.Id || id == otherLink.Id));
    }

    [Fact]
    public async Task What_one_actor_did_and_since_when_can_be_asked_for()
    {
        var link = await OpenedLinkAsync();
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Ct);
        vault.Clock.Advance(TimeSpan.FromDays(3));
        await SharedLink.MakeAsync(link.Recording, Ct);
        var now = vault.Clock.GetUtcNow();

        Assert.Equal(["share.created"], Types(await ListAsync(owner, "days=1&about=links")));
        Assert.Equal(["share.opened"], Types(await ListAsync(owner, $"actor={link.Id}&outcome=allowed")));
        Assert.DoesNotContain("share.opened", Types(await ListAsync(owner, $"from={now:yyyy-MM-dd}&zone=UTC")));
        Assert.Contains("share.opened", Types(await ListAsync(owner, $"to={now.AddDays(-1):yyyy-MM-dd}")));
        using var wrong = await owner.GetAsync("/api/v1/audit/events?who=anna", Ct);
        Assert.Equal("who", (await wrong.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task The_page_keeps_its_filters_in_its_addresses_and_names_the_recording()
    {
        var link = await OpenedLinkAsync();

        var page = await PageAsync(link.Recording.Tenant.Owner, $"/audit?target={link.Recording.Id}&outcome=allowed&about=links");

        Assert.Contains($"/audit?outcome=allowed&who=people&about=links&target={link.Recording.Id}", page, StringComparison.Ordinal);
        Assert.Contains("Remove filter", page, StringComparison.Ordinal);
        Assert.Contains($"/audit/export?outcome=allowed&about=links&target={link.Recording.Id}", page, StringComparison.Ordinal);
        Assert.Contains("A title with a marker", await PageAsync(link.Recording.Tenant.Owner, "/audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auditor_reads_no_title_and_is_led_to_no_recording()
    {
        var link = await OpenedLinkAsync();
        var auditor = await link.Recording.Tenant.AddAsync(Role.Auditor, Ct);

        var page = await PageAsync(auditor, "/audit");

        Assert.DoesNotContain("A title with a marker", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/recordings/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/shares/", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/audit?who=anna")]
    [InlineData("/audit?cursor=x")]
    [InlineData("/audit?days=many")]
    public async Task An_address_that_nobody_can_read_leads_to_the_whole_log(string path)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        using var answer = await browser.GetAsync(path, Ct);

        Assert.Equal("/audit", answer.Headers.Location!.OriginalString);
    }

    private async Task<SharedLink> OpenedLinkAsync()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Ct, new { recipientName = "Anna Known", passcode = "otter-lamp-42" });
        var visitor = await Visitor.AtAsync(vault.Vault, link.Id, Ct);
        using var wrong = await visitor.OpenAsync(link, Ct, "not-it-at-all");
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        (await visitor.OpenAsync(link, Ct, "otter-lamp-42")).EnsureSuccessStatusCode();
        return link;
    }

    private async Task<string> PageAsync(TestMember member, string path)
    {
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(member, Ct);
        using var page = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient client, string query) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/v1/audit/events?limit=200&{query}", Ct)).GetProperty("items").EnumerateArray()];

    private static IReadOnlyList<string> Types(IEnumerable<JsonElement> lines) => [.. lines.Select(line => line.GetProperty("type").GetString()!)];
}
