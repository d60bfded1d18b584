using System.Net;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>The page of one link and its forms.</summary>
public sealed class LinkPageTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_changed_holds_and_the_log_names_what_changed_and_no_more()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel, new { recipientName = "Anna Known", passcode = "otter-lamp-42" });
        using var browser = await SignedInAsync(link);

        using var answer = await PostAsync(browser, link, [("recipientName", "Claire New"), ("note", "by telephone"), ("may", "watch"), ("days", "3"), ("passcodeIs", "keep")]);

        Assert.Equal($"/shares/{link.Id}?changed=true", answer.Headers.Location!.OriginalString);
        var now = await link.ReadAsync(Cancel);
        Assert.Equal("Claire New", now.GetProperty("recipientName").GetString());
        Assert.Equal("by telephone", now.GetProperty("note").GetString());
        Assert.True(now.GetProperty("hasPasscode").GetBoolean());
        Assert.Equal(vault.Clock.GetUtcNow().AddDays(3), now.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromMinutes(1));
        var told = (await link.Recording.Tenant.EventsAsync(Cancel)).First(line => line.GetProperty("type").GetString() == "share.changed");
        Assert.Equal("recipientName note expiresAt", told.GetProperty("details").GetProperty("changed").GetString());
    }

    [Fact]
    public async Task What_stays_as_it_is_writes_nothing()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel, new { recipientName = "Anna Known" });
        using var browser = await SignedInAsync(link);

        using var answer = await PostAsync(browser, link, [("recipientName", "Anna Known"), ("note", ""), ("may", "watch"), ("days", "keep"), ("passcodeIs", "keep")]);

        Assert.Equal($"/shares/{link.Id}", answer.Headers.Location!.OriginalString);
        Assert.DoesNotContain("share.changed", await link.Recording.Tenant.EventTypesAsync(Cancel));
    }

    [Fact]
    public async Task Loosening_with_an_old_sign_in_changes_nothing_and_keeps_what_was_filled_in()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel, new { recipientName = "Anna Known" });
        using var browser = await SignedInAsync(link);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var answer = await PostAsync(browser, link, [("recipientName", "Claire New"), ("note", ""), ("may", "download"), ("days", "keep"), ("passcodeIs", "keep")]);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("value=\"Claire New\"", page, StringComparison.Ordinal);
        Assert.Contains("/signin/again?returnTo=", page, StringComparison.Ordinal);
        Assert.True((await link.ReadAsync(Cancel)).GetProperty("viewOnly").GetBoolean());
    }

    [Theory]
    [InlineData("custom", "", "keep", "", "Choose the date and time at which the link ends.")]
    [InlineData("custom", "next Tuesday", "keep", "", "Choose the date and time at which the link ends.")]
    [InlineData("custom", "2001-01-01T10:00", "keep", "", "Give a time that is still to come, at most a year ahead.")]
    [InlineData("4000", "", "keep", "", "Choose the date and time at which the link ends.")]
    [InlineData("keep", "", "new", "  ", "Write the new passcode.")]
    [InlineData("keep", "", "new", "abc", "A passcode has 4 to 128 characters.")]
    [InlineData("keep", "", "loose", "", "Keep the passcode, give a new one, or take it away.")]
    public async Task What_can_not_be_says_its_cure_and_changes_nothing(string days, string until, string passcodeIs, string passcode, string cure)
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel, new { recipientName = "Anna Known", passcode = "otter-lamp-42" });
        using var browser = await SignedInAsync(link);

        using var answer = await PostAsync(browser, link, [("recipientName", "Claire New"), ("note", ""), ("may", "watch"), ("days", days), ("until", until), ("passcodeIs", passcodeIs), ("passcode", passcode)]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(cure, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("Anna Known", (await link.ReadAsync(Cancel)).GetProperty("recipientName").GetString());
    }

    [Fact]
    public async Task A_new_address_is_shown_once_and_the_old_one_opens_nothing()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel);
        using var browser = await SignedInAsync(link);

        using var answer = await browser.PostFormAsync($"/shares/{link.Id}/renew", [], Cancel, page: $"/shares/{link.Id}");

        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"/s/{link.Id}#", page, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Secret, page, StringComparison.Ordinal);
        using var old = await (await Visitor.AtAsync(vault.Vault, link.Id, Cancel)).OpenAsync(link, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        Assert.True(await link.Recording.Tenant.HasEventAsync("share.changed", link.Id, Cancel));
    }

    [Fact]
    public async Task A_stopped_link_opens_again_by_a_fresh_sign_in_only()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel);
        await link.StopAsync(Cancel);
        using var browser = await SignedInAsync(link);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var stale = await browser.PostFormAsync($"/shares/{link.Id}/open", [], Cancel, page: $"/shares/{link.Id}");
        Assert.StartsWith("/signin/again", stale.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal("stopped", (await link.ReadAsync(Cancel)).GetProperty("state").GetString());

        using var fresh = await SignedInAsync(link);
        using var opened = await fresh.PostFormAsync($"/shares/{link.Id}/open", [], Cancel, page: $"/shares/{link.Id}");
        Assert.Equal($"/shares/{link.Id}?changed=true", opened.Headers.Location!.OriginalString);
        Assert.Equal("open", (await link.ReadAsync(Cancel)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Another_tenants_link_is_not_there()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Cancel, new { recipientName = "Anna Known" });
        var stranger = await SharedLink.MakeAsync(vault.Vault, Cancel);
        using var browser = await SignedInAsync(stranger);

        using var page = await browser.GetAsync($"/shares/{link.Id}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        foreach (var form in (string[])["", "/renew", "/open", "/stop"])
        {
            using var answer = await browser.PostFormAsync($"/shares/{link.Id}{form}", [("recipientName", "Mallory")], Cancel, page: "/links");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal("Anna Known", (await link.ReadAsync(Cancel)).GetProperty("recipientName").GetString());
    }

    private async Task<TestBrowser> SignedInAsync(SharedLink link)
    {
        var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(link.Recording.Tenant.Owner, Cancel);
        return browser;
    }

    private static Task<HttpResponseMessage> PostAsync(TestBrowser browser, SharedLink link, IEnumerable<(string Name, string Value)> fields) =>
        browser.PostFormAsync($"/shares/{link.Id}", fields, Cancel, page: $"/shares/{link.Id}");
}
