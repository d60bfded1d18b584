using System.Net;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>What a link's pages tell: its guest of what is kept about him, who comes too late of whom to ask, and its maker of who watched what.</summary>
public sealed class WhatLinksTellTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static readonly double[][] s_firstHalf = [[0, 50]];
    private static readonly double[][] s_again = [[20, 40]];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_reads_who_shares_with_whom_until_when_what_is_kept_about_him_and_the_mark_in_words()
    {
        var link = await MakeAsync(new { recipientName = "Anna Known" });
        var visitor = await OpenedAsync(link);

        var page = await TextAsync(visitor, link);

        var owner = link.Recording.Tenant.Owner.Name;
        foreach (var words in (string[])[$"{owner} shared this with you, Anna Known.", "Until <time", $"{owner} sees that you watched, and which minutes.", "your network address, and what your browser calls itself", "You can watch, not download.", "It may not be used to train AI."])
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains($"datetime=\"{link.Made.GetProperty("expiresAt").GetDateTimeOffset().UtcDateTime:yyyy-MM-ddTHH:mm}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_download_is_told_so_and_led_to_it()
    {
        var link = await MakeAsync(new { allowDownload = true });

        var page = await TextAsync(await OpenedAsync(link), link);

        Assert.Contains($"href=\"{link.PublicPath}/download\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("You can watch, not download.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_comes_too_late_reads_that_it_is_over_since_when_and_whom_to_ask_and_nothing_of_the_recording(bool isStopped)
    {
        var link = await MakeAsync(new { recipientName = "Anna Known", expiresAt = vault.Clock.GetUtcNow().AddMinutes(20) });
        var visitor = await OpenedAsync(link);
        if (isStopped)
            await link.StopAsync(Ct);
        else
            vault.Clock.Advance(TimeSpan.FromMinutes(21));

        using var answer = await visitor.LoadAsync(link.Id, Ct);
        var page = await ReadAsync(answer);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Contains(isStopped ? "This link was stopped on" : "This link ended on", page, StringComparison.Ordinal);
        Assert.Contains("ask the person who sent it", page, StringComparison.Ordinal);
        Assert.Contains(link.Recording.Tenant.Owner.Name, page, StringComparison.Ordinal);
        Assert.DoesNotContain("A title with a marker", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recordings_page_tells_of_each_link_whether_it_was_opened_which_parts_were_played_and_how_often()
    {
        var anna = await MakeAsync(new { recipientName = "Anna Known" });
        await SharedLink.MakeAsync(anna.Recording, Ct, new { recipientName = "Ben Late" });
        var visitor = await OpenedAsync(anna);
        foreach (var ranges in new[] { s_firstHalf, s_again })
            (await visitor.PostAsync(anna.PublicPath + "/played", new { ranges, duration = 100 }, Ct)).EnsureSuccessStatusCode();
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(anna.Recording.Tenant.Owner, Ct);

        var page = await ReadAsync(await browser.GetAsync($"/recordings/{anna.Recording.Id}", Ct));

        Assert.Contains("<bdi>Anna Known</bdi> watched 50 % of it", page, StringComparison.Ordinal);
        Assert.Contains("50 of 100 parts were played, 20 of them several times", page, StringComparison.Ordinal);
        Assert.Equal((30, 20), (Count(page, "<rect class=\"h1\""), Count(page, "<rect class=\"h2\"")));
        Assert.Contains("<bdi>Ben Late</bdi> has not opened it", page, StringComparison.Ordinal);
        // Consent is not asked for yet, and the page does not keep silent about that.
        Assert.Contains("People and consent", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_was_opened_and_not_watched_is_told_the_same_on_every_page_and_by_the_api()
    {
        var anna = await MakeAsync(new { recipientName = "Anna Known" });
        var ben = await SharedLink.MakeAsync(anna.Recording, Ct, new { recipientName = "Ben Late" });
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(anna.Recording.Tenant.Owner, Ct);
        Assert.Contains("Not opened yet", await ReadAsync(await browser.GetAsync("/", Ct)), StringComparison.Ordinal);
        await OpenedAsync(anna);

        var recording = await ReadAsync(await browser.GetAsync($"/recordings/{anna.Recording.Id}", Ct));
        var links = await ReadAsync(await browser.GetAsync("/links", Ct));
        var library = await ReadAsync(await browser.GetAsync("/", Ct));
        await ben.StopAsync(Ct);
        var stopped = await ReadAsync(await browser.GetAsync($"/recordings/{anna.Recording.Id}", Ct));

        Assert.Contains("<bdi>Anna Known</bdi> opened it and watched nothing", recording, StringComparison.Ordinal);
        Assert.Contains("<bdi>Ben Late</bdi> has not opened it", recording, StringComparison.Ordinal);
        Assert.Contains("<bdi>Ben Late</bdi> never opened it", stopped, StringComparison.Ordinal);
        Assert.Matches("Opened <time[^>]*>[^<]*</time>, not watched", links);
        Assert.Contains("Opened, not watched", library, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.String, (await anna.ReadAsync(Ct)).GetProperty("openedAt").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await ben.ReadAsync(Ct)).GetProperty("openedAt").ValueKind);
    }

    [Fact]
    public async Task A_recordings_page_says_where_more_was_fetched_than_played_that_a_copy_may_exist()
    {
        var link = await MakeAsync(new { recipientName = "Anna Known" });
        var visitor = await OpenedAsync(link);
        using (var content = await visitor.GetAsync(link.PublicPath + "/content", Ct))
            await content.Content.ReadAsByteArrayAsync(Ct);
        await vault.PassAsync(12, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(link.Recording.Tenant.Owner, Ct);

        var page = await ReadAsync(await browser.GetAsync($"/recordings/{link.Recording.Id}", Ct));

        Assert.Contains("Fetched more than played", page, StringComparison.Ordinal);
        Assert.Contains("a copy may exist", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_of_a_recording_have_no_consent_on_record_and_the_page_says_so()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        using var made = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/recordings", new { title = "Session", participants = new[] { new { name = "Ben Ito" } } }, Ct);
        using var unnamed = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/recordings", new { title = "Nobody named" }, Ct);

        var named = await ReadAsync(await browser.GetAsync(PageOf(made), Ct));
        var nobody = await ReadAsync(await browser.GetAsync(PageOf(unnamed), Ct));

        Assert.Contains("No consent on record", named, StringComparison.Ordinal);
        Assert.Contains("we don’t know who was recorded and who agreed", nobody, StringComparison.Ordinal);
    }

    private Task<SharedLink> MakeAsync(object body) => SharedLink.MakeAsync(vault.Vault, Ct, body);

    private async Task<Visitor> OpenedAsync(SharedLink link)
    {
        var visitor = await Visitor.AtAsync(vault.Vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
        return visitor;
    }

    private static async Task<string> TextAsync(Visitor visitor, SharedLink link) => await ReadAsync(await visitor.LoadAsync(link.Id, Ct));

    private static async Task<string> ReadAsync(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));

    private static string PageOf(HttpResponseMessage made) => made.Headers.Location!.OriginalString.Replace("/api/v1", "", StringComparison.Ordinal);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
