using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

public sealed class ContentTests(SharedVault shared)
{
    private const int Length = 400_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_leaves_whole_with_its_mark_and_the_headers_that_keep_it_in_its_place()
    {
        var recording = await PutAsync();

        using var answer = await GetAsync(recording, "/content");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(recording.Leaves, await answer.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal("video/mp4", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline", answer.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("bytes", answer.Headers.AcceptRanges.ToString());
        Assert.True(answer.Headers.ETag is { IsWeak: false, Tag.Length: 34 });
        Assert.True(answer.Headers.CacheControl is { NoStore: true, Private: true });
        AssertHeader(answer, "X-Content-Type-Options", "nosniff");
        AssertHeader(answer, "Content-Security-Policy", "sandbox; default-src 'none'");
        AssertHeader(answer, "Cross-Origin-Resource-Policy", "same-origin");
        AssertUsage(answer);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-65535", 0, 65_536)]
    [InlineData("bytes=65535-65536", 65_535, 2)]
    [InlineData("bytes=149999-150000", 149_999, 2)]
    [InlineData("bytes=100000-", 100_000, 300_000)]
    [InlineData("bytes=399999-", 399_999, 1)]
    [InlineData("bytes=-1", 399_999, 1)]
    [InlineData("bytes=-500000", 0, 400_000)]
    [InlineData("bytes=300001-999999999", 300_001, 99_999)]
    public async Task A_range_is_exactly_its_bytes(string range, int offset, int length)
    {
        var recording = await PutAsync();

        using var answer = await GetAsync(recording, "/content", ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {offset}-{offset + length - 1}/{Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(recording.Leaves[offset..(offset + length)], await answer.Content.ReadAsByteArrayAsync(Cancel));
        AssertUsage(answer);
    }

    [Theory]
    [InlineData("bytes=400000-", "range-unsatisfiable")]
    [InlineData("bytes=-0", "range-unsatisfiable")]
    [InlineData("bytes=0-1,5-6", "several-ranges")]
    public async Task A_range_that_can_not_be_had_is_a_416_that_tells_the_length(string range, string slug)
    {
        var recording = await PutAsync();

        using var answer = await GetAsync(recording, "/content", ("Range", range));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal($"bytes */{Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(slug, await SlugAsync(answer));
    }

    [Fact]
    public async Task Several_ranges_of_a_download_are_answered_with_the_whole()
    {
        var recording = await PutAsync();

        using var answer = await GetAsync(recording, "/download", ("Range", "bytes=0-1,5-6"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await SignedFile.AssertKeptAsync(shared.Vault, recording.Content, "video/mp4", await answer.Content.ReadAsByteArrayAsync(Cancel), Cancel);
    }

    [Fact]
    public async Task A_download_is_saved_under_the_uploaders_name()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), 1_000, Cancel, "video/quicktime");

        using var answer = await GetAsync(recording, "/download");

        Assert.Equal("video/quicktime", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Müller 6.mov", answer.Content.Headers.ContentDisposition.FileNameStar);
    }

    [Fact]
    public async Task HEAD_tells_of_the_whole_and_sends_nothing()
    {
        var recording = await PutAsync();
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Head, recording.Path + "/content");
        request.Headers.TryAddWithoutValidation("Range", "bytes=0-9");

        using var answer = await owner.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Length, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
        AssertUsage(answer);
    }

    [Fact]
    public async Task Empty_content_is_empty()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Cancel);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 0, Cancel);

        using var whole = await GetAsync(recording, "/content");
        using var part = await GetAsync(recording, "/content", ("Range", "bytes=0-"));

        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(0, whole.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, part.StatusCode);
    }

    [Fact]
    public async Task A_seek_into_five_gigabytes_reads_nothing_before_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Cancel);
        var (recording, offset) = await StoredRecording.PutDeepAsync(shared.Vault, tenant, Cancel);

        using var answer = await GetAsync(recording, "/content", ("Range", $"bytes={offset + 70_000}-{offset + 1_100_000}"));

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(recording.Content[70_000..1_100_001], await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task A_recording_that_is_still_received_is_not_ready()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Cancel);
        var owner = await tenant.ClientAsync(Role.Owner, Cancel);
        using var made = await owner.PostAsync("/api/v1/recordings", JsonContent("""{"title":"Early"}"""), Cancel);
        var id = (await JsonAsync(made)).GetProperty("id").GetGuid();

        using var answer = await owner.GetAsync($"/api/v1/recordings/{id}/content", Cancel);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("not-ready", await SlugAsync(answer));
    }

    [Theory]
    [InlineData("/content")]
    [InlineData("/download")]
    [InlineData("/events")]
    public async Task Another_tenants_recording_is_not_there(string what)
    {
        var recording = await PutAsync();
        var stranger = await TestTenant.CreateAsync(shared.Vault, Cancel);
        var client = await stranger.ClientAsync(Role.Owner, Cancel);

        using var answer = await client.GetAsync(recording.Path + what, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain(await recording.Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() is "content.released" or "content.refused");
    }

    [Theory]
    [InlineData("/content", "Auditor", HttpStatusCode.Forbidden)]
    [InlineData("/content", "Viewer", HttpStatusCode.OK)]
    [InlineData("/download", "Auditor", HttpStatusCode.Forbidden)]
    [InlineData("/download", "Viewer", HttpStatusCode.Forbidden)]
    [InlineData("/download", "Contributor", HttpStatusCode.OK)]
    [InlineData("/events", "Auditor", HttpStatusCode.Forbidden)]
    public async Task Each_role_gets_what_it_is_for(string what, string role, HttpStatusCode status)
    {
        var recording = await PutAsync();
        var client = await recording.Tenant.ClientAsync(Enum.Parse<Role>(role), Cancel);

        using var answer = await client.GetAsync(recording.Path + what, Cancel);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_refusal_is_an_event_with_its_reasons()
    {
        var recording = await PutAsync();
        var viewer = await recording.Tenant.ClientAsync(Role.Viewer, Cancel);

        using var answer = await viewer.GetAsync(recording.Path + "/download", Cancel);

        Assert.Equal("view-only", await SlugAsync(answer));
        var refused = Assert.Single(await recording.Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() == "content.refused");
        Assert.Equal("refused", refused.GetProperty("outcome").GetString());
        Assert.False(refused.GetProperty("decrypted").GetBoolean());
        Assert.Equal("view-only", refused.GetProperty("details").GetProperty("reasons").GetString());
    }

    [Fact]
    public async Task Nothing_is_read_without_an_event_and_one_event_stands_for_one_watching()
    {
        var recording = await PutAsync();

        for (var i = 0; i < 3; i++)
            (await GetAsync(recording, "/content", ("Range", $"bytes={i}-"))).Dispose();
        (await GetAsync(recording, "/download")).Dispose();

        var releases = await ReleasesAsync(recording);
        Assert.Equal(["download", "view"], releases.Select(line => line.GetProperty("details").GetProperty("purpose").GetString()));
        Assert.All(releases, line =>
        {
            Assert.True(line.GetProperty("decrypted").GetBoolean());
            Assert.Equal(64, line.GetProperty("details").GetProperty("manifest").GetString()!.Length);
        });
    }

    [Fact]
    public async Task Ranges_asked_for_at_once_are_one_release()
    {
        var recording = await PutAsync();
        await recording.Tenant.ClientAsync(Role.Owner, Cancel); // one asker: made before eight ask at once

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => GetAsync(recording, "/content", ("Range", $"bytes={i}-{i}"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode));
        Assert.Single(await ReleasesAsync(recording));
    }

    private static async Task<HttpResponseMessage> GetAsync(StoredRecording recording, string what, params (string Name, string Value)[] headers)
    {
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, recording.Path + what);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await owner.SendAsync(request, Cancel);
    }

    private static void AssertHeader(HttpResponseMessage answer, string name, string value) =>
        Assert.Equal(value, string.Join(", ", answer.Headers.NonValidated[name].Order(StringComparer.Ordinal)));

    private static void AssertUsage(HttpResponseMessage answer)
    {
        Assert.Equal("train-ai=n, search=n", Assert.Single(answer.Headers.NonValidated["Content-Usage"]));
        Assert.Equal("1", Assert.Single(answer.Headers.NonValidated["tdm-reservation"]));
        Assert.Contains("noai", Assert.Single(answer.Headers.NonValidated["X-Robots-Tag"]), StringComparison.Ordinal);
        Assert.Contains("rel=\"license\"", Assert.Single(answer.Headers.NonValidated["Link"]), StringComparison.Ordinal);
    }

    private static StringContent JsonContent(string json) => new(json, MediaTypeHeaderValue.Parse("application/json"));

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return document.RootElement.Clone();
    }

    private static async Task<string> SlugAsync(HttpResponseMessage answer) => (await JsonAsync(answer)).GetProperty("type").GetString()!.Split('/')[^1];

    private static async Task<IReadOnlyList<JsonElement>> ReleasesAsync(StoredRecording recording) =>
        [.. (await recording.Tenant.EventsAsync(Cancel)).Where(line => line.GetProperty("type").GetString() == "content.released")];

    private async Task<StoredRecording> PutAsync() => await StoredRecording.PutLeavingAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), Length, Cancel);
}
