using System.Net;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Contacts;

/// <summary>/people: who looks like one person, and the page of one.</summary>
public sealed class ContactPageTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_suggested_is_put_together_by_a_press_and_stands_on_a_page_of_his_own()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (recording, ben) = await known.NameAsync("Ben <b>", null, Ct, "Kick-off");
        var (_, again) = await known.NameAsync("BEN <B>", null, Ct, "Review");
        using var browser = await SignInAsync(known.Tenant, Role.Contributor);

        var people = await ReadAsync(browser, "/people");
        using var nobody = await browser.PostFormAsync("/people", [], Ct);
        using var joined = await browser.PostFormAsync("/people", [("participant", $"{ben}"), ("participant", $"{again}")], Ct);
        var page = await ReadAsync(browser, joined.Headers.Location!.OriginalString);
        var after = await ReadAsync(browser, "/people");

        Assert.Contains("These look like one person", people, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        Assert.Contains("Tick at least one name.", await nobody.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains($"/recordings/{recording}/consent?person={ben}#person", page, StringComparison.Ordinal);
        Assert.Contains("Kick-off", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("These look like one person", after, StringComparison.Ordinal);
        Assert.Contains(joined.Headers.Location.OriginalString, after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_his_page_he_is_renamed_joined_taken_out_merged_and_deleted()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (ben, again, other) = ((await known.NameAsync("Ben", null, Ct)).Participant, (await known.NameAsync("ben", null, Ct)).Participant, (await known.NameAsync("Zoë", null, Ct)).Participant);
        var (id, second) = (await known.JoinAsync(Ct, ben), await known.JoinAsync(Ct, other));
        using var browser = await SignInAsync(known.Tenant, Role.Contributor);
        var page = $"/people/{id}";
        Assert.Contains("These look like the same person", await ReadAsync(browser, page), StringComparison.Ordinal);

        using var wrong = await browser.PostFormAsync(page, [("name", "Ben"), ("email", "nothing"), ("note", "My words")], Ct);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var put = await wrong.Content.ReadAsStringAsync(Ct);
        Assert.Contains("email-error", put, StringComparison.Ordinal);
        Assert.Contains(">My words</textarea>", put, StringComparison.Ordinal);

        foreach (var (path, fields) in new (string, (string, string)[])[]
        {
            ("", [("name", "Ben Okafor"), ("email", "ben@okafor.example"), ("note", "")]),
            ("/add", [("participant", $"{again}")]),
            ("/take-out", [("participant", $"{ben}")]),
            ("/merge", [("with", $"{second}")]),
        })
        {
            using var done = await browser.PostFormAsync(page + path, fields, Ct, page: page);
            Assert.Equal((HttpStatusCode.Redirect, page), (done.StatusCode, done.Headers.Location?.OriginalString));
        }

        Assert.Equal([other, again], await known.PeopleAsync(id, Ct));
        using var deleted = await browser.PostFormAsync(page + "/delete", [], Ct, page: page);
        Assert.Equal("/people", deleted.Headers.Location!.OriginalString);
        using var gone = await browser.GetAsync(page, Ct);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_viewer_reads_and_searches_and_is_offered_no_change()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var id = await known.JoinAsync(Ct, (await known.NameAsync("Ben", null, Ct)).Participant);
        await known.NameAsync("Ben", null, Ct);
        using var browser = await SignInAsync(known.Tenant, Role.Viewer);

        var list = await ReadAsync(browser, "/people");
        var page = await ReadAsync(browser, $"/people/{id}");
        using var found = await browser.PostFormAsync("/people/search", [("words", "ben")], Ct, page: "/people");
        using var nothing = await browser.PostFormAsync("/people/search", [("words", "zoë")], Ct, page: "/people");
        using var refused = await browser.PostFormAsync($"/people/{id}", [("name", "X")], Ct, page: "/people");

        Assert.DoesNotContain("one person</button>", list, StringComparison.Ordinal);
        Assert.DoesNotContain($"action=\"/people/{id}", page, StringComparison.Ordinal);
        Assert.Contains($"/people/{id}", await found.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("Nobody found for", await nothing.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static async Task<string> ReadAsync(TestBrowser browser, string path)
    {
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }
}
