using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>The page and the list of all links of a tenant, and stopping all of them.</summary>
public sealed class LinksPageTests(SharedVault shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_tells_of_every_live_link_for_whom_to_what_and_whether_it_was_opened()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known", note = "asked by telephone" });
        await SharedLink.MakeAsync(link.Recording, Cancel, new { recipientName = "Ben Waiting" });
        (await (await Visitor.AtAsync(shared.Vault, link.Id, Cancel)).OpenAsync(link, Cancel)).EnsureSuccessStatusCode();

        var page = await PageAsync(link, "/links");

        foreach (var words in (string[])["Anna Known", "Ben Waiting", "asked by telephone", "A title with a marker", "Not opened yet", link.Recording.Tenant.Owner.Name])
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains("not watched", page, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Secret, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_stands_under_live_ended_or_never_opened_as_it_is()
    {
        var opened = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Opened" });
        var stopped = await SharedLink.MakeAsync(opened.Recording, Cancel, new { recipientName = "Stopped" });
        (await (await Visitor.AtAsync(shared.Vault, opened.Id, Cancel)).OpenAsync(opened, Cancel)).EnsureSuccessStatusCode();
        await stopped.StopAsync(Cancel);

        Assert.Equal([opened.Id], await ShownAsync(opened, "live"));
        Assert.Equal([stopped.Id], await ShownAsync(opened, "ended"));
        Assert.Equal([stopped.Id], await ShownAsync(opened, "never-opened"));
        Assert.Equal([stopped.Id, opened.Id], await ShownAsync(opened, ""));
    }

    [Fact]
    public async Task Links_of_a_recording_in_the_trash_are_not_live()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Cancel);
        (await owner.DeleteAsync(link.Recording.Path, Cancel)).EnsureSuccessStatusCode();

        Assert.Empty(await ShownAsync(link, "live"));
        Assert.Equal([link.Id], await ShownAsync(link, "ended"));
        Assert.Contains("Its recording is in the trash", await PageAsync(link, "/links?show=ended"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_paged_by_key_and_misses_none()
    {
        var first = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var second = await SharedLink.MakeAsync(first.Recording, Cancel);
        var third = await SharedLink.MakeAsync(first.Recording, Cancel);
        var owner = await first.Recording.Tenant.ClientAsync(Role.Owner, Cancel);

        var page = await owner.GetFromJsonAsync<JsonElement>("/api/v1/shares?show=live&limit=2", Cancel);
        var cursor = page.GetProperty("nextCursor").GetString();
        var rest = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/shares?show=live&limit=2&cursor={cursor}", Cancel);

        Assert.Equal([third.Id, second.Id], Ids(page));
        Assert.Equal([first.Id], Ids(rest));
        using var strange = await owner.GetAsync($"/api/v1/shares?show=ended&cursor={cursor}", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, strange.StatusCode);
    }

    [Fact]
    public async Task A_word_that_is_no_choice_is_refused_by_name()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Cancel);

        using var answer = await owner.GetAsync("/api/v1/shares?show=open", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("show", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Stopping_all_asks_first_stops_each_and_writes_an_event_for_each()
    {
        var first = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var second = await SharedLink.MakeAsync(first.Recording, Cancel);
        var other = await SharedLink.MakeAsync(shared.Vault, Cancel);
        using var browser = await SignedInAsync(first);

        var question = await (await browser.GetAsync("/links/stop", Cancel)).Content.ReadAsStringAsync(Cancel);
        using var answer = await browser.PostFormAsync("/links/stop", [], Cancel);

        Assert.Contains("Stop all 2 links?", question, StringComparison.Ordinal);
        Assert.Equal("/links", answer.Headers.Location!.OriginalString);
        Assert.Contains("All links are stopped.", await (await browser.GetAsync("/links", Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Empty(await ShownAsync(first, "live"));
        Assert.True(await first.Recording.Tenant.HasEventAsync("share.stopped", first.Id, Cancel));
        Assert.True(await first.Recording.Tenant.HasEventAsync("share.stopped", second.Id, Cancel));
        Assert.Equal([other.Id], await ShownAsync(other, "live"));
    }

    [Fact]
    public async Task Those_of_one_recording_are_stopped_together_and_no_other_is()
    {
        var first = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var second = await SharedLink.MakeAsync(first.Recording, Cancel);
        var elsewhere = await SharedLink.MakeAsync(await StoredRecording.PutAsync(shared.Vault, first.Recording.Tenant, 1000, Cancel), Cancel);
        var stranger = await SharedLink.MakeAsync(shared.Vault, Cancel);
        using var browser = await SignedInAsync(first);

        var offered = await (await browser.GetAsync($"/recordings/{first.Recording.Id}", Cancel)).Content.ReadAsStringAsync(Cancel);
        var question = await (await browser.GetAsync($"/links/stop?recording={first.Recording.Id}", Cancel)).Content.ReadAsStringAsync(Cancel);
        using var unknown = await browser.PostFormAsync("/links/stop", [("recording", stranger.Recording.Id.ToString())], Cancel);
        using var garbage = await browser.PostFormAsync("/links/stop", [("recording", "all")], Cancel);
        using var strange = await browser.GetAsync($"/links/stop?recording={stranger.Recording.Id}", Cancel);
        Assert.Equal(3, (await ShownAsync(first, "live")).Count);
        using var answer = await browser.PostFormAsync("/links/stop", [("recording", first.Recording.Id.ToString())], Cancel);

        Assert.Contains($"href=\"/links/stop?recording={first.Recording.Id}\"", offered, StringComparison.Ordinal);
        Assert.Contains("Stop all 2 links?", question, StringComparison.Ordinal);
        Assert.All([unknown, garbage, strange], refused => Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode));
        Assert.Equal($"/recordings/{first.Recording.Id}#links", answer.Headers.Location!.OriginalString);
        Assert.Equal([elsewhere.Id], await ShownAsync(first, "live"));
        Assert.True(await first.Recording.Tenant.HasEventAsync("share.stopped", second.Id, Cancel));
    }

    [Fact]
    public async Task Stopping_one_leads_back_to_the_page_that_it_stands_on()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        using var browser = await SignedInAsync(link);

        using var fromList = await browser.PostFormAsync($"/shares/{link.Id}/stop", [("back", "links")], Cancel, page: "/links");
        using var fromElsewhere = await browser.PostFormAsync($"/shares/{link.Id}/stop", [("back", "//evil.example")], Cancel, page: "/links");

        Assert.Equal("/links", fromList.Headers.Location!.OriginalString);
        Assert.Equal($"/recordings/{link.Recording.Id}", fromElsewhere.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Another_tenant_sees_none_of_them_and_who_only_watches_may_not_look()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var stranger = await SharedLink.MakeAsync(shared.Vault, Cancel);

        Assert.DoesNotContain("Anna Known", await PageAsync(stranger, "/links"), StringComparison.Ordinal);
        using var viewer = await (await link.Recording.Tenant.ClientAsync(Role.Viewer, Cancel)).GetAsync("/api/v1/shares", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, viewer.StatusCode);
    }

    private async Task<string> PageAsync(SharedLink link, string path)
    {
        using var browser = await SignedInAsync(link);
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

    private static async Task<IReadOnlyList<Guid>> ShownAsync(SharedLink link, string show)
    {
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Cancel);
        return Ids(await owner.GetFromJsonAsync<JsonElement>($"/api/v1/shares?show={show}", Cancel));
    }

    private static IReadOnlyList<Guid> Ids(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
}
