using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>All of one recording moves into another one.</summary>
public sealed class MergeTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task All_files_move_with_the_same_content_and_the_film_that_played_goes_on_playing()
    {
        var (tenant, to, from) = await PairAsync();
        await Vault.AddAsync(tenant, from.Id, ObjectRole.Chat, "we meet at the jetty", "chat.txt");
        await RunAsync<WordsJob>(tenant, from.Id);
        await RunAsync<DigestJob>(tenant, from.Id);

        var move = await MergeAsync(tenant, to.Id, from.Id);
        await Vault.FinishAsync(tenant, move);
        var merged = await ReadAsync(tenant, to.Id);

        Assert.Equal("done", merged.GetProperty("move").GetProperty("state").GetString());
        Assert.Equal(["original", "original", "chat"], Roles(merged));
        Assert.Equal(to.Content.Length + from.Content.Length + 20, merged.GetProperty("sizeInBytes").GetInt64());
        Assert.Equal(to.Asset.Id, merged.GetProperty("plays").GetGuid());
        var view = ViewOf(tenant);
        Assert.Equal(to.Content, await view.ContentAsync(to.Id));
        Assert.Equal(from.Content, await view.ContentAsync(to.Id, 1));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(from.Content)), await DigestAsync(tenant, to.Id));
        await RunAsync<LayoutJob>(tenant, to.Id);
        Assert.Equal(to.Content, await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync(to.Path + "/content", Ct));
        using var found = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync("/api/v1/recordings/search", new { words = "jetty" }, Ct);
        Assert.Contains($"{to.Id}", await found.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_emptied_recording_lies_in_the_trash_says_where_its_files_are_and_its_objects_are_gone()
    {
        var (tenant, to, from) = await PairAsync();
        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        var emptied = await ReadAsync(tenant, from.Id);
        using var content = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync(from.Path + "/content", Ct);
        var left = await ViewOf(tenant).ObjectsAsync(from.Id);

        Assert.Equal((to.Id, 0, "receiving"), (emptied.GetProperty("mergedInto").GetGuid(), emptied.GetProperty("sizeInBytes").GetInt64(), emptied.GetProperty("state").GetString()));
        Assert.NotEqual(JsonValueKind.Null, emptied.GetProperty("trashedAt").ValueKind);
        Assert.Empty(emptied.GetProperty("assets").EnumerateArray());
        Assert.Equal("in-trash", await TusClient.SlugAsync(content, 409, Ct));
        Assert.All(left, found => Assert.Equal(ObjectRole.Manifest, found.Role));
        using var browser = new TestBrowser(Vault.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        using var trash = await browser.GetAsync("/trash", Ct);
        Assert.Contains($"<a href=\"/recordings/{to.Id}\">", await trash.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_out_of_the_trash_it_takes_files_again_and_is_emptied_into_nothing_any_more()
    {
        var (tenant, to, from) = await PairAsync();
        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        using (await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsync(from.Path + "/restore", null, Ct))
            await Vault.AddAsync(tenant, from.Id, ObjectRole.OriginalSegment, "another film");
        var again = await ReadAsync(tenant, from.Id);

        Assert.Equal(("ready", JsonValueKind.Null, 12), (again.GetProperty("state").GetString(), again.GetProperty("mergedInto").ValueKind, again.GetProperty("sizeInBytes").GetInt32()));
    }

    [Fact]
    public async Task Links_of_the_emptied_one_stop_the_stricter_label_holds_and_people_of_both_are_named()
    {
        var (tenant, to, from) = await PairAsync();
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        await PeopleAsync(owner, to.Id, ("Ben", "ben@example.com"), ("Zoë", null));
        await PeopleAsync(owner, from.Id, ("Ben", "ben@example.com"), ("Claire", null));
        var (stops, stays) = (await SharedLink.MakeAsync(from, Ct), await SharedLink.MakeAsync(to, Ct));
        await LabelAsync(tenant, to.Id, ConfidentialityLabel.Public);

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));
        var merged = await ReadAsync(tenant, to.Id);

        Assert.Equal(("stopped", "open"), ((await stops.ReadAsync(Ct)).GetProperty("state").GetString(), (await stays.ReadAsync(Ct)).GetProperty("state").GetString()));
        Assert.Equal("confidential", merged.GetProperty("label").GetString());
        Assert.Equal(["Ben", "Zoë", "Claire"], merged.GetProperty("participants").EnumerateArray().Select(person => person.GetProperty("name").GetString()));
        Assert.True(await tenant.HasEventAsync("share.stopped", stops.Id, Ct));
        Assert.True(await tenant.HasEventAsync("recording.labelled", to.Id, Ct));
    }

    [Fact]
    public async Task The_log_tells_who_asked_and_what_came_of_it()
    {
        var (tenant, to, from) = await PairAsync();

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        foreach (var (type, target) in new[] { ("recording.merge-asked", to.Id), ("recording.merged", to.Id), ("manifest.committed", to.Id), ("manifest.committed", from.Id), ("recording.trashed", from.Id) })
            Assert.True(await tenant.HasEventAsync(type, target, Ct), type);
        Assert.True((await tenant.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "recording.merged").GetProperty("decrypted").GetBoolean());
    }

    [Fact]
    public async Task The_pages_say_what_it_means_before_and_lead_to_the_recording_after()
    {
        var (tenant, to, from) = await PairAsync();
        await SharedLink.MakeAsync(to, Ct);
        await SharedLink.MakeAsync(from, Ct);
        await SharedLink.MakeAsync(from, Ct);
        using var browser = new TestBrowser(Vault.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();

        var choice = await ReadAsync(browser, $"/recordings/{to.Id}/files");
        var meaning = await ReadAsync(browser, $"/recordings/{to.Id}/merge?address=https%3A%2F%2Fvault.example%2Frecordings%2F{from.Id}");
        using var none = await browser.GetAsync($"/recordings/{to.Id}/merge?address=nothing", Ct);
        using var done = await browser.PostFormAsync($"/recordings/{to.Id}/merge", [("recording", $"{from.Id}")], Ct, $"/recordings/{to.Id}/merge?with={from.Id}");
        var moving = await ReadAsync(browser, $"/recordings/{to.Id}");
        using var again = await browser.PostFormAsync($"/recordings/{to.Id}/merge", [("recording", $"{from.Id}")], Ct, $"/recordings/{to.Id}/files");

        Assert.Contains($"value=\"{from.Id}\"", choice, StringComparison.Ordinal);
        Assert.Contains("All 2 live links", meaning, StringComparison.Ordinal);
        Assert.Contains("The one live link", meaning, StringComparison.Ordinal);
        Assert.Contains("shows more than before", meaning, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Equal($"/recordings/{to.Id}", done.Headers.Location?.OriginalString);
        Assert.Contains("Files are on their way here from", moving, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("are being moved just now", await again.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private async Task<string?> DigestAsync(TestTenant tenant, Guid recordingId) => await ViewOf(tenant).InScopeAsync(async services =>
    {
        using var key = await services.GetRequiredService<TenantKeys>().RecordingKeyAsync(recordingId, Ct);
        var asset = await services.GetRequiredService<VaultDbContext>().RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId && asset.Role == ObjectRole.OriginalSegment).OrderBy(asset => asset.Id).LastAsync(Ct);
        Assert.Equal("Müller 6.mov", asset.FileName?.Open(key, tenant.Id, asset.Id, RecordingAsset.FileNameColumn));
        return asset.ContentDigest?.Open(key, tenant.Id, asset.Id, RecordingAsset.ContentDigestColumn);
    });

    private static async Task PeopleAsync(HttpClient owner, Guid id, params (string Name, string? Email)[] people)
    {
        using var changed = await owner.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { participants = people.Select(person => new { name = person.Name, email = person.Email }) }, Ct);
        changed.EnsureSuccessStatusCode();
    }
}
