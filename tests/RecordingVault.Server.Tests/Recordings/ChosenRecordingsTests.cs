using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>What the library's bar does with several recordings: all or none.</summary>
public sealed class ChosenRecordingsTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tighter_label_is_put_on_all_of_them_and_told()
    {
        var (tenant, ids) = await MakeAsync("One", "Two");
        using var browser = await SignInAsync(tenant, Role.Contributor);

        using var done = await PostAsync(browser, "label", ids, ("label", "restricted"));

        Assert.Equal("/?label=restricted", done.Headers.Location?.OriginalString);
        foreach (var id in ids)
            Assert.Equal("restricted", await LabelOf(tenant, id));
        var told = (await tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "recording.labelled").ToList();
        Assert.Equal(2, told.Count);
        Assert.All(told, line => Assert.Equal("confidential", line.GetProperty("details").GetProperty("before").GetString()));
    }

    [Fact]
    public async Task One_that_would_be_loosened_leaves_all_as_they_are_and_is_named()
    {
        var (tenant, ids) = await MakeAsync("Loose", "Tight <b>");
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await PostAsync(browser, "label", [ids[1]], ("label", "restricted"))).Dispose();

        using var refused = await PostAsync(browser, "label", ids, ("label", "confidential"));
        var page = await refused.Content.ReadAsStringAsync(Ct);
        using var down = await PostAsync(browser, "label", ids, ("label", "internal"));

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (refused.StatusCode, down.StatusCode));
        Assert.Contains("Tight &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">Loose<", page, StringComparison.Ordinal);
        Assert.Equal("confidential", await LabelOf(tenant, ids[0]));
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "recording.labelled");
    }

    [Fact]
    public async Task All_go_to_the_trash_or_none_does()
    {
        var (tenant, ids) = await MakeAsync("One", "Two");
        var (_, others) = await MakeAsync("Foreign");
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var foreign = await PostAsync(browser, "trash", [.. ids, others[0]]);
        var before = await TitlesAsync(tenant, "");
        using var done = await PostAsync(browser, "trash", ids);
        using var again = await PostAsync(browser, "trash", ids);

        Assert.Equal(HttpStatusCode.Conflict, foreign.StatusCode);
        Assert.DoesNotContain("Foreign", await foreign.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(2, before.Count);
        Assert.Equal("/trash", done.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Empty(await TitlesAsync(tenant, ""));
        Assert.Equal(2, (await tenant.EventTypesAsync(Ct)).Count(type => type == "recording.trashed"));
    }

    [Fact]
    public async Task Several_are_shared_with_one_person_by_a_link_each()
    {
        var (tenant, ids) = await MakeAsync("One", "Two");
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var form = await PostAsync(browser, "share", ids);
        using var nobody = await PostAsync(browser, "share/links", ids, ("recipientName", " "), ("days", "30"));
        var kept = await nobody.Content.ReadAsStringAsync(Ct);
        using var done = await PostAsync(browser, "share/links", ids, ("recipientName", "Claire"), ("days", "3"), ("withPasscode", "true"), ("passcode", "amber-anchor-42"));
        var page = await done.Content.ReadAsStringAsync(Ct);
        var links = Regex.Matches(page, "value=\"([^\"]+/s/[^\"]+#[^\"]+)\"");

        Assert.Contains("The person you name", await form.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        // What was chosen stays chosen, and nothing else is: no passcode was asked for.
        Assert.Equal("30", Assert.Single(Regex.Matches(kept, "<option value=\"([0-9]+)\" selected")).Groups[1].Value);
        Assert.DoesNotMatch("id=\"withPasscode\"[^>]* checked", kept);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal(2, links.Select(link => link.Groups[1].Value).Distinct().Count());
        // A passcode that opens several links is never one that somebody thought of.
        Assert.DoesNotContain("amber-anchor-42", page, StringComparison.Ordinal);
        Assert.Matches("id=\"made-passcode\" readonly value=\"[a-z]+-[a-z]+-[a-z]+-[0-9]{2}\"", page);
        foreach (var id in ids)
        {
            var share = Assert.Single((await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}/shares", Ct)).GetProperty("items").EnumerateArray());
            Assert.Equal("Claire", share.GetProperty("recipientName").GetString());
            Assert.True(share.GetProperty("viewOnly").GetBoolean() && share.GetProperty("hasPasscode").GetBoolean());
        }
    }

    [Fact]
    public async Task More_than_twenty_are_not_shared_at_once_and_the_page_says_so_before()
    {
        var (tenant, ids) = await MakeAsync([.. Enumerable.Range(1, 21).Select(number => $"Film {number}")]);
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var asked = await PostAsync(browser, "share", ids);
        using var made = await PostAsync(browser, "share/links", ids, ("recipientName", "Claire"), ("days", "3"));
        using var fewer = await PostAsync(browser, "share", [.. ids.Take(20)]);

        foreach (var refused in new[] { asked, made })
            Assert.Equal((HttpStatusCode.BadRequest, "too-many-to-share"), (refused.StatusCode, (await SharedLink.SlugAsync(refused, Ct))));
        Assert.Contains("At most 20 recordings are shared at once.", await fewer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.DoesNotContain("share.created", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task A_restricted_one_among_them_keeps_every_link_from_being_made()
    {
        var (tenant, ids) = await MakeAsync("One", "Two");
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await PostAsync(browser, "label", [ids[1]], ("label", "restricted"))).Dispose();

        using var form = await PostAsync(browser, "share", ids);
        using var made = await PostAsync(browser, "share/links", ids, ("recipientName", "Claire"), ("days", "3"));

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (form.StatusCode, made.StatusCode));
        Assert.DoesNotContain("share.created", await tenant.EventTypesAsync(Ct));
    }

    [Theory]
    [InlineData("label")]
    [InlineData("trash")]
    [InlineData("share")]
    [InlineData("share/links")]
    public async Task A_viewer_changes_nothing_and_nothing_chosen_is_said(string act)
    {
        var (tenant, ids) = await MakeAsync("One");
        using var viewer = await SignInAsync(tenant, Role.Viewer);
        using var owner = await SignInAsync(tenant, Role.Owner);

        using var refused = await PostAsync(viewer, act, ids, ("label", "restricted"));
        using var none = await PostAsync(owner, act, [], ("label", "restricted"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest), (refused.StatusCode, none.StatusCode));
    }

    private async Task<(TestTenant Tenant, IReadOnlyList<Guid> Ids)> MakeAsync(params string[] titles)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var ids = new List<Guid>();
        foreach (var title in titles)
        {
            using var made = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync("/api/v1/recordings", new { title }, Ct);
            ids.Add((await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid());
        }

        return (tenant, ids);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static Task<HttpResponseMessage> PostAsync(TestBrowser browser, string act, IEnumerable<Guid> ids, params (string Name, string Value)[] fields) =>
        browser.PostFormAsync($"/recordings/chosen/{act}", [.. ids.Select(id => ("recording", $"{id}")), .. fields], Ct, "/");

    private static async Task<string?> LabelOf(TestTenant tenant, Guid id) =>
        (await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct)).GetProperty("label").GetString();

    private static async Task<IReadOnlyList<string?>> TitlesAsync(TestTenant tenant, string query) =>
        [.. (await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings{query}", Ct)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString())];
}
