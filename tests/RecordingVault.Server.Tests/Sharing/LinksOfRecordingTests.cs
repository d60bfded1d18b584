using System.Net;
using System.Text.RegularExpressions;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>The links on the page of one recording, however many there are.</summary>
public sealed partial class LinksOfRecordingTests(SharedVault shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_leads_from_the_newest_links_to_the_first_and_none_is_left_out()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        List<Guid> made = [link.Id];
        while (made.Count <= Cursors.DefaultLimit)
            made.Insert(0, (await SharedLink.MakeAsync(link.Recording, Cancel)).Id);
        using var browser = await SignedInAsync(link);

        var newest = await PageAsync(browser, $"/recordings/{link.Recording.Id}");
        var earlier = Earlier().Match(newest).Groups["to"].Value;
        var rest = await PageAsync(browser, earlier);

        Assert.Equal(made, Shown(newest).Concat(Shown(rest)));
        Assert.Equal([link.Id], Shown(rest));
        Assert.All([newest, rest], page => Assert.Contains($"Stop all {made.Count} links", page, StringComparison.Ordinal));
        Assert.DoesNotContain("Back to the newest", newest, StringComparison.Ordinal);
        Assert.Contains($"href=\"/recordings/{link.Recording.Id}#links\">Back to the newest", rest, StringComparison.Ordinal);
        Assert.DoesNotMatch(Earlier(), rest);
    }

    [Fact]
    public async Task A_place_in_another_list_leads_to_the_newest()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        using var browser = await SignedInAsync(link);

        using var answer = await browser.GetAsync($"/recordings/{link.Recording.Id}?cursor=AbC", Cancel);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"/recordings/{link.Recording.Id}", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_link_that_nobody_opens_anew_after_five_wrong_passcodes_is_not_called_live()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { passcode = "otter-lamp-42" });
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);
        using var browser = await SignedInAsync(link);
        var before = await PageAsync(browser, $"/recordings/{link.Recording.Id}");

        for (var i = 0; i < 5; i++)
            (await visitor.OpenAsync(link, Cancel, $"wrong {i}")).Dispose();
        var after = await PageAsync(browser, $"/recordings/{link.Recording.Id}");
        (await link.ChangeAsync(new { passcode = "falcon-lamp-43" }, Cancel)).EnsureSuccessStatusCode().Dispose();
        var again = await PageAsync(browser, $"/recordings/{link.Recording.Id}");

        Assert.All([before, again], page => Assert.DoesNotContain("Five wrong passcodes", page, StringComparison.Ordinal));
        Assert.Contains("Five wrong passcodes: give it another one.", after, StringComparison.Ordinal);
        Assert.Contains("</svg>Locked</span>", after, StringComparison.Ordinal);
        Assert.DoesNotContain("</svg>Live</span>", after, StringComparison.Ordinal);
        // It can still be stopped.
        Assert.Equal([link.Id], Shown(after));
    }

    private static IEnumerable<Guid> Shown(string page) => Stop().Matches(page).Select(match => Guid.Parse(match.Groups["id"].Value));

    private static async Task<string> PageAsync(TestBrowser browser, string path)
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

    [GeneratedRegex("action=\"/shares/(?<id>[0-9a-f-]+)/stop\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Stop();

    [GeneratedRegex("href=\"(?<to>/recordings/[0-9a-f-]+\\?cursor=[^\"]+)#links\">Show earlier links", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Earlier();
}
