using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using RecordingVault.Server.Features.People;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.People;

/// <summary>The lists on the page of members go on where one page ends, and nothing is left out.</summary>
public sealed class MemberListsTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Invitations_beyond_a_page_stand_on_the_next_one()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var owner = await SignInAsync(tenant);
        var addresses = Enumerable.Range(0, MembersPages.InvitationsOnPage + 1).Select(number => $"invited-{number}-{Guid.NewGuid():N}@example.com").ToList();
        foreach (var email in addresses)
            Assert.Equal(HttpStatusCode.Created, (await owner.SendJsonAsync(HttpMethod.Post, "/api/v1/members/invitations", new { email, role = "Viewer" }, Ct)).StatusCode);

        var first = await PageAsync(owner, ShowMembers.Path);
        var second = await PageAsync(owner, Next(first, "Show earlier invitations"));

        Assert.Equal(MembersPages.InvitationsOnPage, addresses.Count(address => first.Body!.TextContent.Contains(address, StringComparison.Ordinal)));
        Assert.DoesNotContain(addresses[0], first.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(addresses[0], Assert.Single(addresses, address => second.Body!.TextContent.Contains(address, StringComparison.Ordinal)));
        Assert.Contains("Show the newest invitations", second.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Show earlier invitations", second.Body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_of_people_who_left_beyond_a_page_stand_on_the_next_one()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct);
        var leaver = await tenant.AddAsync(Role.Contributor, Ct);
        using var his = shared.Vault.Client();
        his.DefaultRequestHeaders.Authorization = new("Bearer", await tenant.TokenAsync(leaver, Role.Contributor, Ct));
        var names = Enumerable.Range(0, MembersPages.LinksOnPage + 1).Select(number => $"Recipient {number:00}").ToList();
        foreach (var recipientName in names)
            (await his.PostAsJsonAsync(recording.Path + "/shares", new { recipientName }, Ct)).EnsureSuccessStatusCode();
        using var owner = await SignInAsync(tenant);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.SendJsonAsync(HttpMethod.Delete, $"/api/v1/members/{leaver.Id}", null, Ct)).StatusCode);

        var first = await PageAsync(owner, ShowMembers.Path);
        var second = await PageAsync(owner, Next(first, "Show earlier links"));

        Assert.Equal(names[1..], names.Where(name => first.Body!.TextContent.Contains(name, StringComparison.Ordinal)));
        Assert.Equal(names[..1], names.Where(name => second.Body!.TextContent.Contains(name, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("cursor")]
    [InlineData("invitations")]
    [InlineData("links")]
    public async Task A_cursor_that_is_none_leads_to_the_first_page(string list)
    {
        using var owner = await SignInAsync(await TestTenant.CreateAsync(shared.Vault, Ct));

        var answer = await owner.GetAsync($"{ShowMembers.Path}?{list}=bm9uZQ", Ct);

        Assert.Equal(ShowMembers.Path, answer.Headers.Location?.OriginalString);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant)
    {
        var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return browser;
    }

    private static async Task<IHtmlDocument> PageAsync(TestBrowser browser, string path)
    {
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Ct));
    }

    private static string Next(IHtmlDocument page, string words) => page.QuerySelectorAll("a").Single(link => link.TextContent == words).GetAttribute("href")!.Split('#')[0];
}
