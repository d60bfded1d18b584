using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class TrashTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
    private TestVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Fact]
    public async Task What_lies_in_the_trash_is_in_no_list_and_leaves_by_no_door_and_can_be_taken_out()
    {
        var link = await SharedLink.MakeAsync(vault, Ct);
        var (recording, owner) = (link.Recording, await link.Recording.Tenant.ClientAsync(Role.Owner, Ct));
        var visitor = await Visitor.AtAsync(vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();

        using var trashed = await owner.DeleteAsync(recording.Path, Ct);
        using var again = await owner.DeleteAsync(recording.Path, Ct);
        using var content = await owner.GetAsync(recording.Path + "/content", Ct);
        using var download = await owner.GetAsync(recording.Path + "/download", Ct);
        using var share = await owner.PostAsync(recording.Path + "/shares", null, Ct);
        using var seen = await visitor.GetAsync(link.PublicPath + "/content", Ct);
        using var page = await visitor.GetAsync(link.PublicPath, Ct);
        var listed = await IdsAsync(owner, "/api/v1/recordings");
        var inTrash = await IdsAsync(owner, "/api/v1/recordings?trash=true");

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], [trashed.StatusCode, again.StatusCode]);
        foreach (var refused in new[] { content, download, share })
            Assert.Equal("in-trash", await TusClient.SlugAsync(refused, 409, Ct));
        Assert.False(seen.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        Assert.Empty(listed);
        Assert.Equal([recording.Id], inTrash);
        Assert.True(await recording.Tenant.HasEventAsync("recording.trashed", recording.Id, Ct));

        using var restored = await owner.PostAsync(recording.Path + "/restore", null, Ct);
        Assert.Equal(HttpStatusCode.NoContent, restored.StatusCode);
        Assert.Equal(recording.Leaves, await owner.GetByteArrayAsync(recording.Path + "/content", Ct));
        Assert.Equal([recording.Id], await IdsAsync(owner, "/api/v1/recordings"));
        Assert.True(await recording.Tenant.HasEventAsync("recording.restored", recording.Id, Ct));
        using var watched = await visitor.GetAsync(link.PublicPath + "/content", Ct);
        Assert.True(watched.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Nothing_is_uploaded_into_it_meanwhile()
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Ct), 1_000, Ct);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        await owner.DeleteAsync(recording.Path, Ct);
        using var request = TusClient.Request(HttpMethod.Post, "/api/v1/uploads");
        request.Headers.Add("Upload-Length", "10");
        request.Headers.Add("Upload-Metadata", "recording " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{recording.Id}")));

        using var answer = await owner.SendAsync(request, Ct);

        Assert.Equal("in-trash", await TusClient.SlugAsync(answer, 409, Ct));
    }

    [Fact]
    public async Task The_page_goes_on_behind_its_last_line_and_misses_none()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var all = new List<Guid>();
        for (var number = 0; number < 52; number++)
            all.Add((await StoredRecording.PutAsync(vault, tenant, 10, Ct)).Id);
        // All but one at the same moment, as when many are moved together.
        var (early, late) = (clock.GetUtcNow().AddDays(-1), clock.GetUtcNow());
        await new VaultView(vault, tenant.Id).RowsAsync(db => db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(one => one.TrashedAt, one => one.Id == all[30] ? early : late), Ct));
        using var browser = new TestBrowser(vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var first = await PageAsync("/trash");
        var address = Regex.Match(first, "/trash\\?after=[A-Za-z0-9_-]+").Value;
        var second = await PageAsync(address);

        Assert.Equal(50, Shown(first).Count);
        Assert.Equal(all[30], Shown(first)[0]);
        Assert.Equal(2, Shown(second).Count);
        Assert.Equal(all.Order(), Shown(first).Concat(Shown(second)).Order());
        Assert.DoesNotContain("href=\"/trash?after=", second, StringComparison.Ordinal);
        Assert.Contains("href=\"/trash\"", second, StringComparison.Ordinal);
        // A place that is no place of this list leads to its beginning.
        using var strange = await browser.GetAsync("/trash?after=AAAA", Ct);
        Assert.Equal("/trash", strange.Headers.Location?.OriginalString);

        async Task<string> PageAsync(string path)
        {
            using var answer = await browser.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(Ct);
        }

        static List<Guid> Shown(string page) => [.. Regex.Matches(page, "/recordings/([0-9a-f-]{36})/restore").Select(found => Guid.Parse(found.Groups[1].Value))];
    }

    [Theory]
    [InlineData(nameof(Role.Viewer))]
    [InlineData(nameof(Role.Auditor))]
    public async Task Whoever_may_only_look_moves_nothing_and_another_tenant_sees_nothing(string role)
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Ct), 1_000, Ct);
        var looker = await recording.Tenant.ClientAsync(Enum.Parse<Role>(role), Ct);
        var stranger = await (await TestTenant.CreateAsync(vault, Ct)).ClientAsync(Role.Owner, Ct);

        foreach (var (client, expected) in new[] { (looker, HttpStatusCode.Forbidden), (stranger, HttpStatusCode.NotFound) })
        {
            using var trash = await client.DeleteAsync(recording.Path, Ct);
            using var restore = await client.PostAsync(recording.Path + "/restore", null, Ct);
            using var keep = await client.PostAsync(recording.Path + "/keep-both", null, Ct);
            Assert.Equal([expected, expected, expected], [trash.StatusCode, restore.StatusCode, keep.StatusCode]);
        }
    }

    [Fact]
    public async Task After_thirty_days_key_bytes_and_rows_are_gone_and_not_an_hour_before()
    {
        var link = await SharedLink.MakeAsync(vault, Ct);
        var (recording, tenant) = (link.Recording, link.Recording.Tenant);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        await owner.GetByteArrayAsync(recording.Path + "/content", Ct);
        var view = new VaultView(vault, tenant.Id);
        await owner.DeleteAsync(recording.Path, Ct);

        clock.Advance(RecordingTrash.KeptFor - TimeSpan.FromHours(1));
        await SweepAsync();
        Assert.NotEmpty(await view.ObjectsAsync(recording.Id));
        clock.Advance(TimeSpan.FromHours(1));
        await SweepAsync();

        Assert.Null(await view.RecordingAsync(recording.Id));
        Assert.Empty(await view.ObjectsAsync(recording.Id));
        Assert.Empty(await view.Store.ListKeysAsync($"t/{tenant.Id}/r/{recording.Id}/key/", Ct).ToListAsync(Ct));
        Assert.False(await view.RowsAsync(db => db.KeyWraps.AnyAsync(wrap => wrap.OwnerId == recording.Id, Ct)));
        Assert.False(await view.RowsAsync(db => db.Shares.AnyAsync(share => share.RecordingId == recording.Id, Ct)));
        Assert.True(await view.RowsAsync(db => db.AuditEvents.AnyAsync(told => told.Type == "recording.destroyed" && told.TargetId == recording.Id, Ct)));
    }

    [Fact]
    public async Task What_was_taken_out_after_the_sweep_had_listed_it_is_not_destroyed()
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Ct), 1_000, Ct);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        var view = new VaultView(vault, recording.Tenant.Id);
        await owner.DeleteAsync(recording.Path, Ct);
        clock.Advance(RecordingTrash.KeptFor);
        var due = await view.InScopeAsync(services => services.GetRequiredService<RecordingDestruction>().DueAsync(Guid.Empty, Ct));

        await view.InScopeAsync(services => services.GetRequiredService<RecordingTrash>().TakeOutAsync(recording.Id, Actor.System, Ct));
        await view.InScopeAsync(async services =>
        {
            await services.GetRequiredService<RecordingDestruction>().DestroyAsync(due.Single(), Ct);
            return true;
        });

        Assert.Equal(recording.Id, due.Single());
        Assert.False((await view.RecordingAsync(recording.Id))!.IsBeingDestroyed);
        Assert.Equal(recording.Content, await view.ContentAsync(recording.Id));
    }

    [Fact]
    public async Task A_key_object_whose_name_or_content_is_no_key_is_deleted_too()
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Ct), 1_000, Ct);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        var key = Directory.EnumerateFiles(Path.Combine(vault.DataDirectory, "store"), "*", SearchOption.AllDirectories)
            .Single(path => path.Contains($"{recording.Id}", StringComparison.Ordinal) && path.Contains("/key/", StringComparison.Ordinal));
        var other = Path.Combine(Path.GetDirectoryName(key)!, "not-a-key");
        File.Copy(key, other);
        await owner.DeleteAsync(recording.Path, Ct);

        clock.Advance(RecordingTrash.KeptFor);
        await SweepAsync();

        Assert.False(File.Exists(key));
        Assert.False(File.Exists(other));
    }

    [Fact]
    public async Task A_destruction_that_was_killed_goes_on_to_its_end_and_is_never_taken_back()
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Ct), 400_000, Ct);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        var view = new VaultView(vault, recording.Tenant.Id);
        // As a process leaves it that died after the first key was gone.
        await view.RowsAsync(db => db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(one => one.IsBeingDestroyed, true).SetProperty(one => one.TrashedAt, clock.GetUtcNow()), Ct));
        await view.RowsAsync(db => db.KeyWraps.Where(wrap => wrap.OwnerId == recording.Id).ExecuteDeleteAsync(Ct));

        using var restored = await owner.PostAsync(recording.Path + "/restore", null, Ct);
        using var library = await owner.GetAsync("/api/v1/recordings?trash=true", Ct);
        await SweepAsync();

        Assert.Equal(HttpStatusCode.NotFound, restored.StatusCode);
        Assert.Equal(HttpStatusCode.OK, library.StatusCode);
        Assert.Empty(await view.ObjectsAsync(recording.Id));
        Assert.Null(await view.RecordingAsync(recording.Id));
    }

    [Fact]
    public async Task The_page_of_the_trash_shows_when_it_goes_and_takes_out_by_a_form()
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, Ct), 1_000, Ct);
        using var browser = new TestBrowser(vault);
        (await browser.SignInAsync(recording.Tenant.Owner, Ct)).Dispose();

        using var moved = await browser.PostFormAsync($"/recordings/{recording.Id}/trash", [], Ct, $"/recordings/{recording.Id}");
        var trash = await ReadAsync(browser, "/trash");
        var shown = await ReadAsync(browser, $"/recordings/{recording.Id}");
        using var out1 = await browser.PostFormAsync($"/recordings/{recording.Id}/restore", [], Ct, "/trash");

        Assert.Equal("/trash", moved.Headers.Location?.OriginalString);
        Assert.Contains("A title with a marker", trash, StringComparison.Ordinal);
        Assert.Contains("in 30 days", trash, StringComparison.Ordinal);
        Assert.Contains("This recording is in the trash", shown, StringComparison.Ordinal);
        Assert.Equal($"/recordings/{recording.Id}", out1.Headers.Location?.OriginalString);
        Assert.Contains("The trash is empty", await ReadAsync(browser, "/trash"), StringComparison.Ordinal);
    }

    private async Task SweepAsync()
    {
        await using var scope = vault.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<SweepTrashJob>(scope.ServiceProvider).RunAsync(Ct);
    }

    private static async Task<List<Guid>> IdsAsync(HttpClient client, string path) =>
        [.. (await client.GetFromJsonAsync<JsonElement>(path, Ct)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];

    private static async Task<string> ReadAsync(TestBrowser browser, string path)
    {
        using var page = await browser.GetAsync(path, Ct);
        return await page.Content.ReadAsStringAsync(Ct);
    }
}
