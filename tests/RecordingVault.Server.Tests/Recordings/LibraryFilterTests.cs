using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class LibraryFilterTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_date_of_the_meeting_filters_and_sorts_page_by_page()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        foreach (var day in new[] { 3, 1, 2 })
            await MakeAsync(tenant, $"Day {day}", $"2026-11-0{day}T12:00:00Z");

        Assert.Equal(["Day 3", "Day 2", "Day 1"], await WalkAsync(tenant, "sort=recorded"));
        Assert.Equal(["Day 3", "Day 2"], await WalkAsync(tenant, "sort=recorded&from=2026-11-02"));
        Assert.Equal(["Day 1"], await WalkAsync(tenant, "to=2026-11-01"));
    }

    [Theory]
    [InlineData("newest", "Ba", "ab", "Äc")]
    [InlineData("longest", "Äc", "Ba", "ab")]
    [InlineData("largest", "ab", "Ba", "Äc")]
    [InlineData("title", "ab", "Äc", "Ba")]
    public async Task Each_order_is_an_order_of_its_own(string sort, params string[] titles)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await PutAsync(tenant, "Äc", length: 1_000, seconds: 30);
        await PutAsync(tenant, "ab", length: 3_000, seconds: null);
        await PutAsync(tenant, "Ba", length: 2_000, seconds: 20);

        Assert.Equal(titles, await WalkAsync(tenant, $"sort={sort}"));
    }

    [Fact]
    public async Task By_state_what_failed_comes_first_and_what_is_ready_last()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var failed = await PutAsync(tenant, "Failed", 1_000, null);
        await PutAsync(tenant, "Ready", 1_000, null);
        await MakeAsync(tenant, "Arriving", "2026-11-01T12:00:00Z");
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(async db =>
        {
            var row = await db.Recordings.SingleAsync(recording => recording.Id == failed, Ct);
            row.Judge(isFailed: true);
            return await db.SaveChangesAsync(Ct);
        });

        Assert.Equal(["Failed", "Arriving", "Ready"], await WalkAsync(tenant, "sort=state"));
    }

    [Fact]
    public async Task A_day_is_meant_in_the_readers_zone()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await MakeAsync(tenant, "Late on the first in New York", "2026-11-02T03:00:00Z");

        Assert.Empty(await WalkAsync(tenant, "to=2026-11-01"));
        Assert.Single(await WalkAsync(tenant, "to=2026-11-01&zone=America/New_York"));
        Assert.Single(await WalkAsync(tenant, "from=2026-11-02"));
        Assert.Empty(await WalkAsync(tenant, "from=2026-11-02&zone=America/New_York"));
    }

    [Fact]
    public async Task What_is_shared_and_what_is_not_is_told_apart()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await MakeAsync(tenant, "Shared", "2026-11-01T12:00:00Z");
        await MakeAsync(tenant, "Private", "2026-11-01T12:00:00Z");
        (await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/shares", new { }, Ct)).EnsureSuccessStatusCode();

        Assert.Equal(["Shared"], await WalkAsync(tenant, "shared=yes"));
        Assert.Equal(["Private"], await WalkAsync(tenant, "shared=no"));
        Assert.Empty(await WalkAsync(tenant, "label=public"));
        Assert.Equal(2, (await WalkAsync(tenant, "label=confidential&state=receiving")).Count);
    }

    [Fact]
    public async Task The_program_that_an_upload_names_is_told_and_filtered_by()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await UploadAsync(tenant, ("title", "By Zoom"), ("source", "zoom"));
        await UploadAsync(tenant, ("title", "By hand"));

        Assert.Equal(["By Zoom"], await WalkAsync(tenant, "source=zoom"));
        Assert.Equal(["By hand"], await WalkAsync(tenant, "source=other"));
        Assert.Empty(await WalkAsync(tenant, "source=bigbluebutton"));
        using var wrong = await CreateUploadAsync(tenant, ("source", "carrier pigeon"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Filters_and_orders_hold_in_the_trash_too()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        foreach (var title in new[] { "B", "A" })
            (await owner.DeleteAsync($"/api/v1/recordings/{await MakeAsync(tenant, title, $"2026-11-0{title.Length}T12:00:00Z")}", Ct)).EnsureSuccessStatusCode();
        (await owner.DeleteAsync($"/api/v1/recordings/{await PutAsync(tenant, "Whole", 1_000, null)}", Ct)).EnsureSuccessStatusCode();

        Assert.Equal(["A", "B"], await WalkAsync(tenant, "trash=true&state=receiving&sort=title"));
        Assert.Equal(["Whole"], await WalkAsync(tenant, "trash=true&state=ready"));
        Assert.Empty(await WalkAsync(tenant, "trash=true&label=public"));
    }

    [Theory]
    [InlineData("label=secret", "label")]
    [InlineData("from=1.11.2026", "from")]
    [InlineData("from=2026-11-02&to=2026-11-01", "to")]
    [InlineData("from=2026-11-02&zone=Mars/Olympus", "zone")]
    [InlineData("sort=colour", "sort")]
    [InlineData("source=webex", "source")]
    [InlineData("view=heap", "view")]
    [InlineData("trash=true&label=secret", "label")]
    public async Task A_wrong_choice_is_named(string query, string field)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);

        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/recordings?{query}", Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
    }

    /// <summary>What it is made of: its title, a length in bytes, and how long it is.</summary>
    private async Task<Guid> PutAsync(TestTenant tenant, string title, int length, double? seconds)
    {
        var stored = await StoredRecording.PutAsync(shared.Vault, tenant, length, Ct);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).PatchAsJsonAsync(stored.Path, new { title }, Ct)).EnsureSuccessStatusCode();
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(db =>
            db.Recordings.Where(recording => recording.Id == stored.Id).ExecuteUpdateAsync(row => row.SetProperty(recording => recording.DurationSeconds, seconds), Ct));
        return stored.Id;
    }

    private static async Task<Guid> MakeAsync(TestTenant tenant, string title, string recordedAt)
    {
        using var made = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync("/api/v1/recordings", new { title, recordedAt }, Ct);
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
    }

    private static async Task UploadAsync(TestTenant tenant, params (string Key, string Value)[] metadata)
    {
        using var made = await CreateUploadAsync(tenant, metadata);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    private static async Task<HttpResponseMessage> CreateUploadAsync(TestTenant tenant, params (string Key, string Value)[] metadata)
    {
        using var creation = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        creation.Headers.Add("Tus-Resumable", "1.0.0");
        creation.Headers.Add("Upload-Length", "1000");
        creation.Headers.Add("Upload-Metadata", string.Join(',', metadata.Select(pair => $"{pair.Key} {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pair.Value))}")));
        return await (await tenant.ClientAsync(Role.Owner, Ct)).SendAsync(creation, Ct);
    }

    private static async Task<List<string?>> WalkAsync(TestTenant tenant, string query)
    {
        var client = await tenant.ClientAsync(Role.Viewer, Ct);
        var titles = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/recordings?limit=1&{query}&cursor={cursor}", Ct);
            titles.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return titles;
    }
}
