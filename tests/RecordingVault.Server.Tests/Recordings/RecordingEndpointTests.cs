using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class RecordingEndpointTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recording_is_made_read_and_changed_and_the_log_tells_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var contributor = await tenant.ClientAsync(Role.Contributor, Ct);

        using var created = await contributor.PostAsJsonAsync(
            "/api/v1/recordings", new { title = "Weekly", recordedAt = "2026-11-20T09:30:00Z", participants = new[] { new { name = "Ben", email = "ben@example.com" } } }, Ct);
        var made = await created.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var id = made.GetProperty("id").GetGuid();
        using var changed = await contributor.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { title = "Weekly review" }, Ct);
        var viewer = await tenant.ClientAsync(Role.Viewer, Ct);
        var read = await viewer.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/api/v1/recordings/{id}", created.Headers.Location?.ToString());
        Assert.Equal("receiving", made.GetProperty("state").GetString());
        Assert.Equal("no-tdm", made.GetProperty("usageTag").GetString());
        Assert.Equal("confidential", made.GetProperty("label").GetString());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("Weekly review", read.GetProperty("title").GetString());
        Assert.Equal("2026-11-20T09:30:00Z", read.GetProperty("recordedAt").GetString()?.Replace("+00:00", "Z", StringComparison.Ordinal));
        Assert.Equal("ben@example.com", read.GetProperty("participants")[0].GetProperty("email").GetString());
        Assert.True(await tenant.HasEventAsync("recording.created", id, Ct));
        Assert.True(await tenant.HasEventAsync("recording.changed", id, Ct));
    }

    [Fact]
    public async Task A_viewer_makes_and_changes_nothing_and_an_auditor_sees_no_recording()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var viewer = await tenant.ClientAsync(Role.Viewer, Ct);
        var auditor = await tenant.ClientAsync(Role.Auditor, Ct);

        using var making = await viewer.PostAsJsonAsync("/api/v1/recordings", new { title = "No" }, Ct);
        using var changing = await viewer.PatchAsJsonAsync($"/api/v1/recordings/{Guid.CreateVersion7()}", new { title = "No" }, Ct);
        using var reading = await auditor.GetAsync("/api/v1/recordings", Ct);

        Assert.Equal(HttpStatusCode.Forbidden, making.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, changing.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, reading.StatusCode);
    }

    [Theory]
    [InlineData("""{"title":""}""", "title")]
    [InlineData("""{"title":"Weekly\nreview"}""", "title")]
    [InlineData("""{"title":"Weekly\u0000"}""", "title")]
    [InlineData("""{"title":"A","participants":[{"name":"B\u0007en"}]}""", "participants[0].name")]
    [InlineData("""{"title":"A","participants":[{"name":"Ben"},{"name":" "}]}""", "participants[1].name")]
    [InlineData("""{"title":"A","participants":[{"name":"Ben","email":"nobody"}]}""", "participants[0].email")]
    [InlineData("""{"title":"A","recordedAt":"0001-01-01T00:00:00Z"}""", "recordedAt")]
    public async Task A_wrong_member_is_named(string body, string field)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        using var answer = await owner.PostAsync("/api/v1/recordings", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_and_a_cursor_is_good_in_its_own_tenant_only()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var other = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var stranger = await other.ClientAsync(Role.Owner, Ct);
        for (var i = 0; i < 5; i++)
            (await owner.PostAsJsonAsync("/api/v1/recordings", new { title = $"Number {i}" }, Ct)).Dispose();

        var titles = new List<string?>();
        string? cursor = null, first = null;
        do
        {
            var page = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/recordings?limit=2&cursor={cursor}", Ct);
            titles.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()));
            cursor = page.GetProperty("nextCursor").GetString();
            first ??= cursor;
        }
        while (cursor is not null);
        using var carried = await stranger.GetAsync($"/api/v1/recordings?cursor={first}", Ct);

        Assert.Equal(["Number 4", "Number 3", "Number 2", "Number 1", "Number 0"], titles);
        Assert.Equal(HttpStatusCode.BadRequest, carried.StatusCode);
    }

    [Fact]
    public async Task A_recording_without_content_answers_not_ready()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var created = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Empty" }, Ct);
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();

        using var answer = await owner.GetAsync($"/api/v1/recordings/{id}/content", Ct);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("/problems/not-ready", (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("type").GetString());
    }
}
