using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads.Plans;

public sealed class PlanEndpointTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_are_answered_with_recordings_and_nothing_is_kept()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var client = await tenant.ClientAsync(Role.Contributor, Ct);

        using var answer = await client.PostAsJsonAsync(
            "/api/v1/uploads/plan", new { timeZone = "Europe/Berlin", files = new[] { new { path = "2026-11-20 09.00.12 Sync/video1.mp4", sizeInBytes = 10 }, new { path = "2026-11-20 09.00.12 Sync/x.tmp", sizeInBytes = 3 } } }, Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var plan = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var recording = plan.GetProperty("recordings").EnumerateArray().Single();
        Assert.Equal("Sync", recording.GetProperty("title").GetString());
        Assert.Equal("zoom", recording.GetProperty("source").GetString());
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 8, 0, 12, TimeSpan.Zero), recording.GetProperty("recordedAt").GetDateTimeOffset());
        Assert.Equal("original", recording.GetProperty("files")[0].GetProperty("role").GetString());
        Assert.Equal("temporary", plan.GetProperty("leftOut")[0].GetProperty("reason").GetString());
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct)).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"files":[]}""", "files")]
    [InlineData("""{}""", "files")]
    [InlineData("""{"files":[null]}""", "files[0]")]
    [InlineData("""{"files":[{"path":"a.mp4","sizeInBytes":-1}]}""", "files[0]")]
    [InlineData("""{"files":[{"path":"a.mp4"},{"path":"../b.mp4"}]}""", "files[1].path")]
    [InlineData("""{"files":[{"path":"/b.mp4"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"path":"a\u0007.mp4"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"path":"call\u202e4pm.exe"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"path":"a\u2066.mp4"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"path":"a\u2028.mp4"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"path":"a\udb40\udc41.mp4"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"path":"a\\b.mp4"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"path":"a.mp4"},{"path":"a.mp4"}]}""", "files[1].path")]
    [InlineData("""{"files":[{"path":"a.mp4"}],"timeZone":"Nowhere/At_All"}""", "timeZone")]
    public async Task What_is_wrong_is_named(string body, string field)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var client = await tenant.ClientAsync(Role.Contributor, Ct);

        using var answer = await client.PostAsync("/api/v1/uploads/plan", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Too_many_files_and_too_long_a_path_are_refused()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var client = await tenant.ClientAsync(Role.Contributor, Ct);

        using var many = await client.PostAsJsonAsync("/api/v1/uploads/plan", new { files = Enumerable.Range(0, 4_097).Select(i => new { path = $"{i}.mp4" }) }, Ct);
        using var longer = await client.PostAsJsonAsync("/api/v1/uploads/plan", new { files = new[] { new { path = new string('a', 1_025) } } }, Ct);

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], [many.StatusCode, longer.StatusCode]);
        Assert.Equal("files", (await many.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Equal("files[0].path", (await longer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Half_a_character_is_refused_and_a_whole_one_beyond_the_first_plane_is_taken()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var client = await tenant.ClientAsync(Role.Contributor, Ct);

        using var half = await client.PostAsync("/api/v1/uploads/plan", new StringContent("""{"files":[{"path":"a\ud83d.mp4"}]}""", System.Text.Encoding.UTF8, "application/json"), Ct);
        using var whole = await client.PostAsync("/api/v1/uploads/plan", new StringContent("""{"files":[{"path":"a\ud83c\udfac.mp4"}]}""", System.Text.Encoding.UTF8, "application/json"), Ct);

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.OK], [half.StatusCode, whole.StatusCode]);
    }

    [Theory]
    [InlineData(nameof(Role.Viewer))]
    [InlineData(nameof(Role.Auditor))]
    public async Task Whoever_may_not_upload_is_refused(string role)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var client = await tenant.ClientAsync(Enum.Parse<Role>(role), Ct);

        using var answer = await client.PostAsJsonAsync("/api/v1/uploads/plan", new { files = new[] { new { path = "a.mp4" } } }, Ct);
        using var nobody = await shared.Vault.Bare.PostAsJsonAsync("/api/v1/uploads/plan", new { files = new[] { new { path = "a.mp4" } } }, Ct);

        // Who shows neither a token nor the page's own header is taken for another site.
        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], [answer.StatusCode, nobody.StatusCode]);
    }
}
