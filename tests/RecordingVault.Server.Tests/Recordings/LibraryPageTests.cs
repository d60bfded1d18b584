using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class LibraryPageTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_show_what_tiles_show_and_keep_the_choice()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct);
        using var browser = await SignInAsync(recording.Tenant, recording.Tenant.Owner);

        var lines = await ReadAsync(browser, "/?view=list&sort=largest");
        var tiles = await ReadAsync(browser, "/");

        Assert.Contains("library-list", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"tile\"", lines, StringComparison.Ordinal);
        Assert.Contains("href=\"/?sort=largest\"", lines, StringComparison.Ordinal);
        Assert.Contains("href=\"/?view=list\"", tiles, StringComparison.Ordinal);
        Assert.All([lines, tiles], page => Assert.Contains($"value=\"{recording.Id}\" form=\"chosen\"", page, StringComparison.Ordinal));
    }

    /// <summary>The menu of a tile and of a line: what its reader may do, as links and one form.</summary>
    [Theory]
    [InlineData("Owner", true)]
    [InlineData("Contributor", true)]
    [InlineData("Viewer", false)]
    public async Task A_recording_has_a_menu_of_what_its_reader_may_do(string role, bool isContributing)
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct);
        var tenant = recording.Tenant;
        using var browser = await SignInAsync(tenant, role == "Owner" ? tenant.Owner : await tenant.AddAsync(Enum.Parse<Role>(role), Ct));
        var at = $"/recordings/{recording.Id}";

        foreach (var page in (string[])[await ReadAsync(browser, "/"), await ReadAsync(browser, "/?view=list")])
        {
            Assert.Equal(2, page.Split("tile-menu").Length - 1);
            Assert.Contains($"href=\"{at}/use\"", page, StringComparison.Ordinal);
            foreach (var offered in (string[])[$"href=\"{at}/share\"", $"href=\"/api/v1{at}/download\"", $"href=\"{at}/export\"", $"href=\"{at}/edit\"", $"href=\"{at}/edit#label\"", $"action=\"{at}/trash\""])
                Assert.Equal(isContributing, page.Contains(offered, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_restricted_offers_no_way_out_and_what_is_arriving_no_copy_and_no_trash()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct);
        var tenant = recording.Tenant;
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Still to come" }, Ct);
        var arriving = (await made.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Ct)).GetProperty("id").GetGuid();
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(row => row.SetProperty(one => one.Label, RecordingVault.Server.Features.Recordings.ConfidentialityLabel.Restricted), Ct));
        using var browser = await SignInAsync(tenant, tenant.Owner);

        var page = await ReadAsync(browser, "/");

        foreach (var (id, share, download, trash) in ((Guid, bool, bool, bool)[])[(recording.Id, false, false, true), (arriving, true, false, false)])
        {
            Assert.Equal(share, page.Contains($"href=\"/recordings/{id}/share\"", StringComparison.Ordinal));
            Assert.Equal(download, page.Contains($"href=\"/api/v1/recordings/{id}/download\"", StringComparison.Ordinal));
            Assert.Equal(download, page.Contains($"href=\"/recordings/{id}/export\"", StringComparison.Ordinal));
            Assert.Equal(trash, page.Contains($"action=\"/recordings/{id}/trash\"", StringComparison.Ordinal));
            Assert.Contains($"href=\"/recordings/{id}/edit\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_menu_moves_a_recording_to_the_trash()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct);
        using var browser = await SignInAsync(recording.Tenant, recording.Tenant.Owner);

        using var answer = await browser.PostFormAsync($"/recordings/{recording.Id}/trash", [], Ct, page: "/");

        Assert.Equal("/trash", answer.Headers.Location!.OriginalString);
        Assert.DoesNotContain(recording.Id.ToString(), await ReadAsync(browser, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_of_what_was_found_keep_the_words_that_were_searched_for()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct);
        using var browser = await SignInAsync(recording.Tenant, recording.Tenant.Owner);

        using var found = await browser.PostFormAsync("/search", [("words", "marker"), ("label", "confidential")], Ct, "/");
        var page = await found.Content.ReadAsStringAsync(Ct);
        using var narrowed = await browser.PostFormAsync("/search", [("words", "marker"), ("label", "public")], Ct, "/");
        var none = await narrowed.Content.ReadAsStringAsync(Ct);

        Assert.Contains(recording.Id.ToString(), page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form method=\"get\" action=\"/\"", page, StringComparison.Ordinal);
        // The field itself, the chip that takes the filter off, and the form of the filters.
        Assert.Equal(3, page.Split("name=\"words\"").Length - 1);
        Assert.Contains("No recording matches", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_a_member_stands_first_and_only_for_whom_it_waits()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct);
        await SharedLink.MakeAsync(recording, Ct, new { recipientName = "Anna", expiresAt = TimeProvider.System.GetUtcNow().AddDays(2) });
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(async db =>
        {
            (await db.Recordings.SingleAsync(row => row.Id == recording.Id, Ct)).Judge(isFailed: true);
            await db.SaveChangesAsync(Ct);
            return await db.Shares.ExecuteUpdateAsync(row => row.SetProperty(share => share.CreatedAt, TimeProvider.System.GetUtcNow().AddDays(-10)), Ct);
        });
        using var owner = await SignInAsync(tenant, tenant.Owner);
        using var viewer = await SignInAsync(tenant, await tenant.AddAsync(Role.Viewer, Ct));
        using var contributor = await SignInAsync(tenant, await tenant.AddAsync(Role.Contributor, Ct));

        var (owners, viewers, contributors) = (await ReadAsync(owner, "/"), await ReadAsync(viewer, "/"), await ReadAsync(contributor, "/"));

        Assert.Contains("Waiting for you", owners, StringComparison.Ordinal);
        Assert.Contains("could not be made ready for browsers", owners, StringComparison.Ordinal);
        Assert.Contains("ends within 3 days", owners, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for you", viewers, StringComparison.Ordinal);
        Assert.Contains("could not be made ready for browsers", contributors, StringComparison.Ordinal);
        Assert.DoesNotContain("ends within 3 days", contributors, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for you", await ReadAsync(owner, "/?label=confidential"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_that_is_asked_for_several_times_at_the_same_moment_is_made_once()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var answer = await owner.PostAsync("/recordings/sample", new FormUrlEncodedContent([]), Ct);
            return answer.StatusCode;
        }));

        Assert.Single(answers, status => status == HttpStatusCode.Found);
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.Conflict));
        var view = new VaultView(shared.Vault, tenant.Id);
        Assert.Equal((1, 1), (await view.RowsAsync(db => db.Recordings.CountAsync(Ct)), await view.RowsAsync(db => db.KeyWraps.CountAsync(wrap => wrap.Kind == KeyKind.Recording, Ct))));
    }

    [Fact]
    public async Task An_empty_library_makes_a_sample_that_is_a_recording_like_any_other()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var owner = await SignInAsync(tenant, tenant.Owner);
        using var viewer = await SignInAsync(tenant, await tenant.AddAsync(Role.Viewer, Ct));

        using var refused = await viewer.PostFormAsync("/recordings/sample", [], Ct, "/");
        var empty = await ReadAsync(owner, "/");
        using var made = await owner.PostFormAsync("/recordings/sample", [], Ct, "/");
        using var again = await owner.PostFormAsync("/recordings/sample", [], Ct, "/");
        var id = Guid.Parse(made.Headers.Location!.OriginalString.Split('/')[^1]);
        using var content = await owner.GetAsync($"/api/v1/recordings/{id}/content", Ct);
        using var captions = await owner.GetAsync($"/api/v1/recordings/{id}/captions/eng", Ct);

        Assert.Contains("Look around with a sample", empty, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Conflict), (refused.StatusCode, again.StatusCode));
        Assert.Equal("ftyp"u8.ToArray(), (await content.Content.ReadAsByteArrayAsync(Ct))[4..8]);
        Assert.Contains("sealed like any other", await captions.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("recording.created", await tenant.EventTypesAsync(Ct));
        using var trashed = await owner.PostFormAsync($"/recordings/{id}/trash", [], Ct, $"/recordings/{id}");
        Assert.Equal("/trash", trashed.Headers.Location?.OriginalString);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, TestMember member)
    {
        Assert.Equal(tenant.Vault, shared.Vault);
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(member, Ct)).Dispose();
        return browser;
    }

    private static async Task<string> ReadAsync(TestBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync(Ct);
    }
}
