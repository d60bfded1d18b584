using System.Net;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Platform;

/// <summary>A page says that something was done where it was, and nowhere else.</summary>
public sealed class DoneNoteTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private const string Said = "All links are stopped.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/links?stopped=true", "are stopped")]
    [InlineData("/links?stoppedOfOne=12", "are stopped")]
    [InlineData("/links?stoppedOfOne=0", "were stopped already")]
    [InlineData("/settings/tokens?revoked=true&stopped=true", "The token is over")]
    [InlineData("/settings/profile?saved=true", "Saved.")]
    public async Task No_address_makes_a_page_say_it(string path, string words)
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Ct);
        using var browser = await SignedInAsync(link.Recording.Tenant.Owner);

        var page = await TextAsync(browser, path);

        Assert.DoesNotContain(words, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_said_once_on_its_page_and_the_cookie_is_for_this_host_alone()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Ct);
        using var browser = await SignedInAsync(link.Recording.Tenant.Owner);

        using var stopped = await browser.PostFormAsync("/links/stop", [], Ct);
        var elsewhere = await TextAsync(browser, "/settings/profile");
        var first = await TextAsync(browser, "/links");
        var again = await TextAsync(browser, "/links");

        var cookie = Assert.Single(stopped.Headers.GetValues("Set-Cookie"), line => line.StartsWith(DoneNotes.CookieName, StringComparison.Ordinal));
        Assert.All((string[])["path=/", "secure", "httponly", "samesite=strict", "max-age=120"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Equal((false, true, false), (elsewhere.Contains(Said, StringComparison.Ordinal), first.Contains(Said, StringComparison.Ordinal), again.Contains(Said, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_is_said_to_whoever_did_it_and_not_later_and_not_by_a_note_that_is_made_up()
    {
        var link = await SharedLink.MakeAsync(vault.Vault, Ct);
        var tenant = link.Recording.Tenant;
        using var owner = await SignedInAsync(tenant.Owner);
        using var admin = await SignedInAsync(await tenant.AddAsync(Role.Admin, Ct));
        (await owner.PostFormAsync("/links/stop", [], Ct)).Dispose();
        var note = owner.Cookie(DoneNotes.CookieName)!;

        admin.SetCookie(DoneNotes.CookieName, note);
        Assert.DoesNotContain(Said, await TextAsync(admin, "/links"), StringComparison.Ordinal);
        owner.SetCookie(DoneNotes.CookieName, note[..^8] + "AAAAAAAA");
        Assert.DoesNotContain(Said, await TextAsync(owner, "/links"), StringComparison.Ordinal);
        owner.SetCookie(DoneNotes.CookieName, note);
        vault.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.DoesNotContain(Said, await TextAsync(owner, "/links"), StringComparison.Ordinal);
    }

    private async Task<TestBrowser> SignedInAsync(TestMember member)
    {
        var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(member, Ct)).Dispose();
        return browser;
    }

    private static async Task<string> TextAsync(TestBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Ct));
    }
}
