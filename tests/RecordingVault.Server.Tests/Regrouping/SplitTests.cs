using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Contacts;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>Files that do not belong where they are move into a recording of their own.</summary>
public sealed class SplitTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task Chosen_files_and_what_was_made_from_them_move_into_a_recording_of_the_same_day_people_and_label()
    {
        var (tenant, id, film, chat) = await PutAsync();
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        (await owner.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { recordedAt = "2026-11-01T12:00:00Z", participants = new[] { new { name = "Ben" } } }, Ct)).Dispose();
        await LabelAsync(tenant, id, ConfidentialityLabel.Internal);
        await RunAsync<WordsJob>(tenant, id);

        var (move, made) = await SplitAsync(tenant, id, [chat], null);
        var empty = await ReadAsync(tenant, made);
        await Vault.FinishAsync(tenant, move);
        var (split, left) = (await ReadAsync(tenant, made), await ReadAsync(tenant, id));

        Assert.Equal(("receiving", "chat of the day"), (empty.GetProperty("state").GetString(), empty.GetProperty("title").GetString()));
        Assert.Equal(["chat"], Roles(split));
        Assert.Equal(["original"], Roles(left));
        Assert.Equal(("ready", "internal", "2026-11-01T12:00:00+00:00", "Ben"), (
            split.GetProperty("state").GetString(), split.GetProperty("label").GetString(), split.GetProperty("recordedAt").GetString(), split.GetProperty("participants")[0].GetProperty("name").GetString()));
        Assert.Equal((20, 300_000), (split.GetProperty("sizeInBytes").GetInt32(), left.GetProperty("sizeInBytes").GetInt32()));
        // In no order: they are made in the same instant.
        var moved = (await ViewOf(tenant).ManifestAsync(made)).Assets.Select(asset => asset.Role).ToList();
        Assert.Equal([ObjectRole.Chat, ObjectRole.SearchWords], moved.Order());
        Assert.Equal("we meet at the jetty"u8.ToArray(), await ViewOf(tenant).ContentAsync(made, moved.IndexOf(ObjectRole.Chat)));
        Assert.Equal([film], (await ViewOf(tenant).ManifestAsync(id)).Assets.Select(asset => asset.Id));
        Assert.All(await ViewOf(tenant).ObjectsAsync(id), found => Assert.True(found.Role is ObjectRole.Manifest or ObjectRole.OriginalSegment));
    }

    [Fact]
    public async Task Who_belongs_to_a_contact_does_so_in_the_new_recording_too()
    {
        var (tenant, id, _, chat) = await PutAsync();
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        (await owner.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { participants = new[] { new { name = "Zoë" }, new { name = "Ben" } } }, Ct)).Dispose();
        var known = new Known(tenant);
        var contact = await known.JoinAsync(Ct, (await ReadAsync(tenant, id)).GetProperty("participants").EnumerateArray().Single(person => person.GetProperty("name").GetString() == "Ben").GetProperty("id").GetGuid());

        var (move, made) = await SplitAsync(tenant, id, [chat], null);
        await Vault.FinishAsync(tenant, move);

        var ben = (await ReadAsync(tenant, made)).GetProperty("participants").EnumerateArray().Single(person => person.GetProperty("name").GetString() == "Ben").GetProperty("id").GetGuid();
        Assert.Contains(ben, await known.PeopleAsync(contact, Ct));
        Assert.Equal(2, (await known.PeopleAsync(contact, Ct)).Count);
    }

    [Fact]
    public async Task When_the_film_that_played_moves_the_next_one_plays_and_each_recording_is_as_long_as_its_own()
    {
        var (tenant, first, _) = await PairAsync();
        var second = await Vault.AddAsync(tenant, first.Id, ObjectRole.OriginalSegment, "the second film");
        await ViewOf(tenant).RowsAsync(async db =>
        {
            db.AssetProcessings.AddRange(
                new AssetProcessing { TenantId = tenant.Id, Id = first.Asset.Id, RecordingId = first.Id, State = ProcessingState.Done, DurationSeconds = 60 },
                new AssetProcessing { TenantId = tenant.Id, Id = second, RecordingId = first.Id, State = ProcessingState.Failed, Failure = "not-media", DurationSeconds = null });
            await db.SaveChangesAsync(Ct);
            return await db.Recordings.Where(recording => recording.Id == first.Id).ExecuteUpdateAsync(set => set.SetProperty(recording => recording.DurationSeconds, 60), Ct);
        });

        var (move, made) = await SplitAsync(tenant, first.Id, [first.Asset.Id], "The first film");
        await Vault.FinishAsync(tenant, move);
        var (split, left) = (await ReadAsync(tenant, made), await ReadAsync(tenant, first.Id));

        Assert.Equal((60, "ready", "The first film"), (split.GetProperty("durationSeconds").GetInt32(), split.GetProperty("state").GetString(), split.GetProperty("title").GetString()));
        Assert.Equal((JsonValueKind.Null, "failed", second), (left.GetProperty("durationSeconds").ValueKind, left.GetProperty("state").GetString(), left.GetProperty("plays").GetGuid()));
        Assert.Equal(first.Content, await ViewOf(tenant).ContentAsync(made));
    }

    [Fact]
    public async Task Links_stay_with_the_recording_and_the_log_tells_of_both()
    {
        var (tenant, id, _, chat) = await PutAsync();
        using var link = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsync($"/api/v1/recordings/{id}/shares", null, Ct);

        var (move, made) = await SplitAsync(tenant, id, [chat], null);
        await Vault.FinishAsync(tenant, move);

        Assert.Equal([id], await ViewOf(tenant).RowsAsync(db => db.Shares.AsNoTracking().Where(share => share.StoppedAt == null).Select(share => share.RecordingId).ToListAsync(Ct)));
        foreach (var (type, target) in new[] { ("recording.split-asked", id), ("recording.created", made), ("recording.split", made), ("manifest.committed", id), ("manifest.committed", made) })
            Assert.True(await tenant.HasEventAsync(type, target, Ct), type);
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_and_a_viewer_splits_nothing()
    {
        var (tenant, id, _, chat) = await PutAsync();
        var stranger = await TestTenant.CreateAsync(Vault.Vault, Ct);

        using var theirs = await (await stranger.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/split", new { assets = new[] { chat } }, Ct);
        using var viewer = await (await tenant.ClientAsync(Role.Viewer, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/split", new { assets = new[] { chat } }, Ct);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (theirs.StatusCode, viewer.StatusCode));
        Assert.DoesNotContain("recording.split-asked", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task What_can_t_be_split_is_refused_with_its_reason_and_makes_no_recording()
    {
        var (tenant, id, film, chat) = await PutAsync();
        await RunAsync<WordsJob>(tenant, id);
        var words = await ViewOf(tenant).RowsAsync(db => db.RecordingAssets.Where(asset => asset.RecordingId == id && asset.Role == ObjectRole.SearchWords).Select(asset => asset.Id).SingleAsync(Ct));
        var keys = await CountAsync(tenant);

        Assert.Equal("invalid", await RefusedAsync(tenant, id, new { assets = Array.Empty<Guid>() }, 400));
        Assert.Equal("invalid", await RefusedAsync(tenant, id, new { assets = new[] { Guid.NewGuid() } }, 400));
        Assert.Equal("invalid", await RefusedAsync(tenant, id, new { assets = new[] { words } }, 400));
        Assert.Equal("invalid", await RefusedAsync(tenant, id, new { assets = new[] { chat }, title = "two\nlines" }, 400));
        Assert.Equal("last-file", await RefusedAsync(tenant, id, new { assets = new[] { film, chat } }, 409));
        Assert.Equal(keys, await CountAsync(tenant));
        await SplitAsync(tenant, id, [chat], null);
        Assert.Equal("already-moving", await RefusedAsync(tenant, id, new { assets = new[] { chat } }, 409));
    }

    [Fact]
    public async Task A_split_that_is_given_up_leaves_no_recording_behind()
    {
        var (tenant, id, _, chat) = await PutAsync();
        var (move, made) = await SplitAsync(tenant, id, [chat], null);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync($"/api/v1/recordings/{id}", Ct)).Dispose();

        await MovingVault.RunAsync(tenant, move);

        Assert.Null(await ViewOf(tenant).RecordingAsync(made));
        Assert.Empty(await ViewOf(tenant).ObjectsAsync(made));
        Assert.Equal(2, (await ViewOf(tenant).ManifestAsync(id)).Assets.Count);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Vault.Vault.DataDirectory, "store"), "*", SearchOption.AllDirectories), path => path.Contains($"{made}", StringComparison.Ordinal));
        Assert.True(await tenant.HasEventAsync("recording.move-given-up", id, Ct));
    }

    [Fact]
    public async Task Whoever_asked_for_a_split_that_was_given_up_is_told_and_the_new_recording_s_address_leads_back()
    {
        var (tenant, id, _, chat) = await PutAsync();
        var (move, made) = await SplitAsync(tenant, id, chat);
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        (await client.DeleteAsync($"/api/v1/recordings/{id}", Ct)).Dispose();
        await MovingVault.RunAsync(tenant, move);
        (await client.PostAsync($"/api/v1/recordings/{id}/restore", null, Ct)).Dispose();
        using var owner = await SignInAsync(tenant.Owner);
        using var other = await SignInAsync(await tenant.AddAsync(Role.Contributor, Ct));

        var (mine, theirs, page) = (await ReadAsync(owner, "/"), await ReadAsync(other, "/"), await ReadAsync(owner, $"/recordings/{id}"));
        using var gone = await owner.GetAsync($"/recordings/{made}", Ct);
        Vault.Clock.Advance(TimeSpan.FromDays(3));
        using var later = await SignInAsync(tenant.Owner);

        Assert.Contains("A split of yours", mine, StringComparison.Ordinal);
        Assert.Contains($"href=\"/recordings/{id}\"", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("A split of yours", theirs, StringComparison.Ordinal);
        Assert.Contains("No file was moved.", page, StringComparison.Ordinal);
        Assert.Equal($"/recordings/{id}", gone.Headers.Location?.OriginalString);
        Assert.Equal(("given-up", "in-trash"), ((await ReadAsync(tenant, id)).GetProperty("move").GetProperty("state").GetString(), (await ReadAsync(tenant, id)).GetProperty("move").GetProperty("reason").GetString()));
        Assert.DoesNotContain("A split of yours", await ReadAsync(later, "/"), StringComparison.Ordinal);
    }

    private async Task<TestBrowser> SignInAsync(TestMember member)
    {
        var browser = new TestBrowser(Vault.Vault);
        (await browser.SignInAsync(member, Ct)).Dispose();
        return browser;
    }

    [Fact]
    public async Task The_page_splits_what_is_ticked_and_says_what_is_missing()
    {
        var (tenant, id, _, chat) = await PutAsync();
        using var browser = new TestBrowser(Vault.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();

        using var nothing = await browser.PostFormAsync($"/recordings/{id}/split", [("title", "Kept")], Ct, $"/recordings/{id}/files");
        using var done = await browser.PostFormAsync($"/recordings/{id}/split", [("asset", $"{chat}"), ("title", "The chat")], Ct, $"/recordings/{id}/files");
        var made = done.Headers.Location!.OriginalString;
        var page = await ReadAsync(browser, made);

        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        var refused = await nothing.Content.ReadAsStringAsync(Ct);
        Assert.Contains("Tick the files that are meant.", refused, StringComparison.Ordinal);
        Assert.Contains("value=\"Kept\"", refused, StringComparison.Ordinal);
        Assert.Contains("The chat", page, StringComparison.Ordinal);
        Assert.Contains("Files are on their way here from", page, StringComparison.Ordinal);
    }

    private async Task<(TestTenant Tenant, Guid Id, Guid Film, Guid Chat)> PutAsync()
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Ct);
        var recording = await Vault.PutAsync(tenant, 300_000);
        return (tenant, recording.Id, recording.Asset.Id, await Vault.AddAsync(tenant, recording.Id, ObjectRole.Chat, "we meet at the jetty", "chat of the day.txt"));
    }

    private async Task<int> CountAsync(TestTenant tenant) => await ViewOf(tenant).RowsAsync(async db => await db.Recordings.CountAsync(Ct) + await db.KeyWraps.CountAsync(Ct));

    private static async Task<(Guid Move, Guid Made)> SplitAsync(TestTenant tenant, Guid id, Guid[] assets, string? title)
    {
        using var answer = await (await tenant.ClientAsync(Role.Contributor, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/split", new { assets, title }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var move = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal($"/api/v1/recordings/{move.GetProperty("to").GetGuid()}", answer.Headers.Location?.OriginalString);
        return (move.GetProperty("id").GetGuid(), move.GetProperty("to").GetGuid());
    }

    private static async Task<string> RefusedAsync(TestTenant tenant, Guid id, object body, int status)
    {
        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/split", body, Ct);
        return await TusClient.SlugAsync(answer, status, Ct);
    }
}
