using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>The pages by which a person asks for packages, sees what became of them, fetches and ends them.</summary>
public sealed class ExportPagesTests(SharedVault shared)
{
    private const string Chosen = "/recordings/chosen/export";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asked_for_by_a_form_it_is_built_shown_fetched_whole_counted_and_ended()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        using var browser = await SignInAsync(tenant, Role.Contributor);

        var form = await TextAsync(browser, $"/recordings/{recording.Id}/export");
        using var asked = await AskAsync(browser, [recording.Id], "share-external", "Claire <Martin>");
        var page = asked.Headers.Location!.OriginalString;
        var id = Guid.Parse(page.Split('/')[^1]);
        await PackedRecording.UntilBuiltAsync(tenant, id, Ct);
        var before = await TextAsync(browser, page);
        using var fetched = await browser.GetAsync(page + "/download", Ct);
        var verified = await PackageVerifier.VerifyAsync(await fetched.Content.ReadAsStreamAsync(Ct), Ct);
        var after = await TextAsync(browser, "/exports");
        var told = await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}", Ct);
        using var ended = await browser.PostFormAsync(page + "/end", [], Ct, page: page);
        using var over = await browser.GetAsync(page + "/download", Ct);

        Assert.Contains("For somebody outside", form, StringComparison.Ordinal);
        Assert.Equal(id, verified.Id);
        Assert.Contains("Claire <Martin>", before, StringComparison.Ordinal);
        Assert.Contains("Not fetched yet", before, StringComparison.Ordinal);
        Assert.Contains("Fetched once", after, StringComparison.Ordinal);
        Assert.Equal(1, told.GetProperty("fetches").GetInt32());
        Assert.Equal("/exports?ended=true", ended.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Gone, over.StatusCode);
        Assert.Contains("Ask for a new one", await over.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var types = await tenant.EventTypesAsync(Ct);
        Assert.All(["export.asked", "export.fetched", "export.ended"], type => Assert.Contains(type, types));
    }

    [Fact]
    public async Task What_the_gate_refuses_is_a_page_that_names_each_reason_its_cure_and_another_purpose_and_stands_in_the_log()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var refused = await AskAsync(browser, [recording.Id], "ai-training", "Notewell Ltd");
        var page = await ReadAsync(refused);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        foreach (var words in (string[])["This export was refused", "AI training", "nothing left the vault", "Its own tag says no.", "The organisation’s rules say no.", $"href=\"/recordings/{recording.Id}/use#tag\"", "href=\"/settings/organisation/use\"", "Export for another purpose", "Notewell Ltd"])
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.True(await tenant.HasEventAsync("content.refused", recording.Id, Ct));
        Assert.Equal(0, await CountAsync(tenant));
    }

    [Fact]
    public async Task In_a_bundle_those_in_the_way_are_named_and_the_others_go_only_when_that_is_wished()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var (fine, tight, thrown) = (await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct));
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        (await client.PutAsJsonAsync($"/api/v1/recordings/{tight.Id}/label", new { label = "restricted" }, Ct)).EnsureSuccessStatusCode().Dispose();
        (await client.DeleteAsync(thrown.Path, Ct)).EnsureSuccessStatusCode().Dispose();
        using var browser = await SignInAsync(tenant, Role.Owner);
        Guid[] all = [fine.Id, tight.Id, thrown.Id];

        using var refused = await AskAsync(browser, all, "share-external", "Claire Martin");
        var page = await ReadAsync(refused);
        var before = await CountAsync(tenant);
        using var wished = await AskAsync(browser, all, "share-external", "Claire Martin", ("others", "true"));
        var id = Guid.Parse(wished.Headers.Location!.OriginalString.Split('/')[^1]);
        var built = await PackedRecording.UntilBuiltAsync(tenant, id, Ct);
        var shown = await TextAsync(browser, $"/exports/{id}");

        Assert.Equal((HttpStatusCode.Forbidden, 0), (refused.StatusCode, before));
        foreach (var words in (string[])["2 of them may not leave", "It is marked restricted.", "It lies in the trash.", "Export the other one", $"/recordings/{tight.Id}/edit#label"])
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Equal(["packed", "refused", "refused"], built.GetProperty("recordings").EnumerateArray().Select(line => line.GetProperty("outcome").GetString()));
        Assert.Contains("2 of 3 were left out", shown, StringComparison.Ordinal);
        Assert.Contains("It is marked restricted.", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_whose_tag_was_changed_says_so_on_its_page_and_is_not_given()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        await using (var scope = tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExportItems.Where(item => item.ExportId == id)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.Tag, RecordingVault.Marks.Vocabulary.UsageTag.NoAiTraining), Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);

        var page = await TextAsync(browser, $"/exports/{id}");
        using var fetched = await browser.GetAsync($"/exports/{id}/download", Ct);

        Assert.Contains("was changed", page, StringComparison.Ordinal);
        Assert.Contains("Ask for a new one", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Fetch the package", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, fetched.StatusCode);
        Assert.DoesNotContain("export.fetched", await tenant.EventTypesAsync(Ct));
    }

    [Theory]
    [InlineData("share-external", " ", "365", "name whom it is for")]
    [InlineData("because", "Claire", "365", "State one of")]
    [InlineData("share-external", "Claire", "never", "Name a time to come")]
    public async Task What_is_wrong_in_the_form_is_said_and_what_was_written_stays(string purpose, string recipient, string days, string words)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var answer = await AskAsync(browser, [recording.Id], purpose, recipient, ("licensedDays", days));
        var page = await ReadAsync(answer);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(words, page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"value=\"{recipient}\"", page, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(tenant));
    }

    [Fact]
    public async Task The_form_for_several_keeps_purpose_and_recipient_says_how_many_may_leave_and_takes_fifty()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var (one, two) = (await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct));
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        (await client.PutAsJsonAsync($"/api/v1/recordings/{two.Id}/label", new { label = "restricted" }, Ct)).EnsureSuccessStatusCode().Dispose();
        using var browser = await SignInAsync(tenant, Role.Contributor);

        using var form = await browser.PostFormAsync(Chosen, [("recording", one.Id.ToString()), ("recording", two.Id.ToString()), ("purpose", "view-internal"), ("recipient", "The archive")], Ct, page: "/");
        var page = await ReadAsync(form);
        using var many = await browser.PostFormAsync(Chosen, Enumerable.Range(0, 51).Select(_ => ("recording", Guid.NewGuid().ToString())), Ct, page: "/");
        using var none = await browser.PostFormAsync(Chosen, [], Ct, page: "/");

        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
        Assert.Contains("value=\"The archive\"", page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 may leave for this", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Because a law demands it", page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (many.StatusCode, none.StatusCode));
    }

    [Fact]
    public async Task Another_organisation_finds_nothing_and_who_only_watches_may_not_ask()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(shared.Vault, Ct), Role.Owner);
        using var viewer = await SignInAsync(tenant, Role.Viewer);

        foreach (var path in (string[])[$"/exports/{id}", $"/exports/{id}/download", $"/recordings/{recording.Id}/export"])
        {
            using var theirs = await stranger.GetAsync(path, Ct);
            using var watched = await viewer.GetAsync(path, Ct);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (theirs.StatusCode, watched.StatusCode));
        }

        using var asked = await AskAsync(stranger, [recording.Id], "share-external", "Claire");
        using var chosen = await stranger.PostFormAsync(Chosen, [("recording", recording.Id.ToString())], Ct, page: "/");
        using var ended = await stranger.PostFormAsync($"/exports/{id}/end", [], Ct, page: "/exports");
        using var byViewer = await viewer.PostFormAsync("/exports", [("recording", recording.Id.ToString())], Ct, page: "/");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (asked.StatusCode, chosen.StatusCode, ended.StatusCode));
        Assert.Equal(HttpStatusCode.Forbidden, byViewer.StatusCode);
        Assert.DoesNotContain(id.ToString(), await TextAsync(stranger, "/exports"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_paged_and_misses_none()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        List<Guid> ids = [];
        for (var i = 0; i < 21; i++)
            ids.Add(await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct));
        using var browser = await SignInAsync(tenant, Role.Owner);

        var newest = await TextAsync(browser, "/exports");
        var cursor = newest[newest.IndexOf("/exports?cursor=", StringComparison.Ordinal)..].Split('"')[0];
        var earlier = await TextAsync(browser, cursor);

        Assert.All(ids, id => Assert.Contains($"/exports/{id}", newest + earlier, StringComparison.Ordinal));
        Assert.DoesNotContain("Show earlier", earlier, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_is_told_how_far_it_is_until_it_is_over()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        var client = await tenant.ClientAsync(Role.Contributor, Ct);

        using var events = await client.GetAsync($"/api/v1/exports/{id}/events", Ct);
        var told = await events.Content.ReadAsStringAsync(Ct);
        using var theirs = await (await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/exports/{id}/events", Ct);
        using var viewer = await (await tenant.ClientAsync(Role.Viewer, Ct)).GetAsync($"/api/v1/exports/{id}/events", Ct);

        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
        Assert.Contains("""data: {"state":"ready","done":1,"total":1}""", told, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (theirs.StatusCode, viewer.StatusCode));
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role is Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static Task<HttpResponseMessage> AskAsync(TestBrowser browser, IEnumerable<Guid> recordings, string purpose, string recipient, params (string, string)[] more) =>
        browser.PostFormAsync("/exports", [.. recordings.Select(id => ("recording", id.ToString())), ("purpose", purpose), ("recipient", recipient), .. more], Ct, page: "/exports");

    private static async Task<string> TextAsync(TestBrowser browser, string path)
    {
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await ReadAsync(answer);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));

    private static async Task<int> CountAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.CountAsync(Ct);
    }
}
