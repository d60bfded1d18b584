using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>Stopping all links that were made for one person.</summary>
public sealed class RecipientLinksTests(SharedVault shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_says_how_many_they_are_asks_once_and_stops_those_of_every_recording_and_no_other()
    {
        var first = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var elsewhere = await SharedLink.MakeAsync(await StoredRecording.PutAsync(shared.Vault, first.Recording.Tenant, 1000, Cancel), Cancel, new { recipientName = "anna known" });
        var ben = await SharedLink.MakeAsync(first.Recording, Cancel, new { recipientName = "Ben Waiting" });
        var anyone = await SharedLink.MakeAsync(first.Recording, Cancel);
        using var browser = await SignedInAsync(first);

        var list = await TextAsync(browser, "/links");
        var question = await TextAsync(browser, $"/links/stop?recipientOf={first.Id}");
        using var answer = await browser.PostFormAsync("/links/stop", [("recipient", "Anna Known")], Cancel);
        var after = await TextAsync(browser, answer.Headers.Location!.OriginalString);

        Assert.Contains($"href=\"/links/stop?recipientOf={first.Id}\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain($"recipientOf={ben.Id}", list, StringComparison.Ordinal);
        Assert.Contains("Stop all 2 links to <bdi>Anna Known</bdi>?", question, StringComparison.Ordinal);
        Assert.Equal("/links", answer.Headers.Location!.OriginalString);
        Assert.Contains("2 links are stopped.", after, StringComparison.Ordinal);
        Assert.Equal("stopped stopped open open", string.Join(' ', await StateAsync(first), await StateAsync(elsewhere), await StateAsync(ben), await StateAsync(anyone)));
    }

    [Fact]
    public async Task A_link_to_a_recording_in_the_trash_counts_since_it_would_open_again()
    {
        var shown = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var hidden = await SharedLink.MakeAsync(await StoredRecording.PutAsync(shared.Vault, shown.Recording.Tenant, 1000, Cancel), Cancel, new { recipientName = "anna known" });
        var ben = await SharedLink.MakeAsync(shown.Recording, Cancel, new { recipientName = "Ben Waiting" });
        var owner = await shown.Recording.Tenant.ClientAsync(Role.Owner, Cancel);
        (await owner.DeleteAsync(hidden.Recording.Path, Cancel)).EnsureSuccessStatusCode();
        using var browser = await SignedInAsync(shown);

        var list = await TextAsync(browser, "/links");
        Assert.Equal(2, await StoppedAsync(owner, "Anna Known"));
        var after = await TextAsync(browser, "/links");

        Assert.Contains($"href=\"/links/stop?recipientOf={shown.Id}\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain($"recipientOf={ben.Id}", list, StringComparison.Ordinal);
        Assert.DoesNotContain("recipientOf=", after, StringComparison.Ordinal);
        Assert.Equal("stopped", await StateAsync(hidden));
    }

    /// <summary>Names are read page by page before the turn: what is renamed behind a page that was read already is looked at again.</summary>
    [Fact]
    public async Task Of_more_links_than_are_read_at_once_none_is_missed_that_is_renamed_meanwhile()
    {
        var first = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Ben Waiting" });
        var tenant = first.Recording.Tenant;
        for (var i = 0; i < RecipientLinks.AtOnce + 1; i++)
            await SharedLink.MakeAsync(first.Recording, Cancel, new { recipientName = i % 50 == 0 ? "Anna Known" : "Ben Waiting" });
        var inOrder = await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Shares.OrderBy(share => share.Id).Select(share => share.Id).ToListAsync(Cancel));
        var owner = await tenant.ClientAsync(Role.Owner, Cancel);
        var named = new Dictionary<Guid, string?>();
        foreach (var id in inOrder)
            named[id] = (await owner.GetFromJsonAsync<JsonElement>($"/api/v1/shares/{id}", Cancel)).GetProperty("recipientName").GetString();
        var (bens, annas) = (inOrder.First(id => named[id] == "Ben Waiting"), inOrder.First(id => named[id] == "Anna Known"));
        var pages = 0;
        int stopped;
        using (DatabaseEvents.WhenExecuting(tenant.Id, sql =>
        {
            if (!sql.Contains("ORDER BY", StringComparison.Ordinal) || !sql.Contains("recipient_name", StringComparison.OrdinalIgnoreCase) || sql.Contains("secret_hash", StringComparison.OrdinalIgnoreCase) || ++pages != 2)
                return;
            Task.WhenAll(RenameAsync(owner, bens, "Anna Known"), RenameAsync(owner, annas, "Ben Waiting")).GetAwaiter().GetResult();
        }))
            stopped = await StoppedAsync(owner, "Anna Known");

        Assert.Equal(2, pages);
        Assert.Equal(named.Values.Count(name => name == "Anna Known"), stopped);
        var states = await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Shares.Where(share => share.StoppedAt != null).Select(share => share.Id).ToListAsync(Cancel));
        Assert.Contains(bens, states);
        Assert.DoesNotContain(annas, states);
    }

    private static async Task RenameAsync(HttpClient owner, Guid id, string name) =>
        (await owner.PatchAsJsonAsync($"/api/v1/shares/{id}", new { recipientName = name }, Cancel)).EnsureSuccessStatusCode().Dispose();

    [Fact]
    public async Task The_api_stops_them_by_the_name_and_says_how_many_were_open()
    {
        var first = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        await SharedLink.MakeAsync(first.Recording, Cancel, new { recipientName = "Anna Known" });
        var ben = await SharedLink.MakeAsync(first.Recording, Cancel, new { recipientName = "Ben Waiting" });
        var owner = await first.Recording.Tenant.ClientAsync(Role.Owner, Cancel);

        Assert.Equal(2, await StoppedAsync(owner, " ANNA known "));
        Assert.Equal(0, await StoppedAsync(owner, "Anna Known"));
        Assert.Equal(0, await StoppedAsync(owner, "Nobody of this name"));
        Assert.Equal("open", await StateAsync(ben));
    }

    [Fact]
    public async Task Each_link_that_stops_is_an_event_and_cuts_off_who_watches()
    {
        var first = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var second = await SharedLink.MakeAsync(first.Recording, Cancel, new { recipientName = "Anna Known" });
        var visitor = await Visitor.AtAsync(shared.Vault, first.Id, Cancel);
        (await visitor.OpenAsync(first, Cancel)).EnsureSuccessStatusCode();
        var owner = await first.Recording.Tenant.ClientAsync(Role.Owner, Cancel);

        await StoppedAsync(owner, "Anna Known");

        var events = (await first.Recording.Tenant.EventsAsync(Cancel)).Count(line => line.GetProperty("type").GetString() == "share.stopped");
        Assert.Equal(2, events);
        Assert.True(await first.Recording.Tenant.HasEventAsync("share.stopped", first.Id, Cancel));
        Assert.True(await first.Recording.Tenant.HasEventAsync("share.stopped", second.Id, Cancel));
        using var content = await visitor.GetAsync(first.PublicPath + "/content", Cancel);
        Assert.Equal(HttpStatusCode.Gone, content.StatusCode);
    }

    [Fact]
    public async Task Another_tenants_links_to_the_same_name_stay_and_its_link_leads_nowhere()
    {
        var theirs = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var ours = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        using var browser = await SignedInAsync(ours);

        using var strange = await browser.GetAsync($"/links/stop?recipientOf={theirs.Id}", Cancel);
        var stopped = await StoppedAsync(await ours.Recording.Tenant.ClientAsync(Role.Owner, Cancel), "Anna Known");

        Assert.Equal(HttpStatusCode.NotFound, strange.StatusCode);
        Assert.Equal(1, stopped);
        Assert.Equal("open", await StateAsync(theirs));
    }

    [Theory]
    [InlineData("Viewer")]
    [InlineData("Auditor")]
    public async Task Who_may_not_share_may_not_stop_them(string role)
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var client = await link.Recording.Tenant.ClientAsync(Enum.Parse<Role>(role), Cancel);

        using var page = await client.GetAsync($"/links/stop?recipientOf={link.Id}", Cancel);
        using var stopped = await client.PostAsJsonAsync("/api/v1/shares/stop", new { recipient = "Anna Known" }, Cancel);

        Assert.All([page, stopped], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal("open", await StateAsync(link));
    }

    [Theory]
    [InlineData("""{"recipient":null}""")]
    [InlineData("""{"recipient":"  "}""")]
    [InlineData("""{"recipient":"Anna Known","recording":"0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c01"}""")]
    public async Task What_names_nobody_or_two_things_stops_nothing(string body)
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Cancel);
        using var browser = await SignedInAsync(link);

        using var answer = await owner.PostAsync("/api/v1/shares/stop", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);
        using var empty = await browser.PostFormAsync("/links/stop", [("recipient", " ")], Cancel);
        using var twice = await browser.PostFormAsync("/links/stop", [("recipient", "Anna Known"), ("recipient", "Ben Waiting")], Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("recipient", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("field").GetString());
        Assert.All([empty, twice], refused => Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode));
        Assert.Equal("open", await StateAsync(link));
    }

    private static async Task<int> StoppedAsync(HttpClient client, string recipient)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/shares/stop", new { recipient }, Cancel);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("stopped").GetInt32();
    }

    private static async Task<string> StateAsync(SharedLink link) => (await link.ReadAsync(Cancel)).GetProperty("state").GetString()!;

    private static async Task<string> TextAsync(TestBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Cancel));
    }

    private async Task<TestBrowser> SignedInAsync(SharedLink link)
    {
        var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(link.Recording.Tenant.Owner, Cancel);
        return browser;
    }
}
