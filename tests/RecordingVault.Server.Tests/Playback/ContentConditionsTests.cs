using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>Conditional requests: what a reader has already, or wants only if it is still the same.</summary>
public sealed class ContentConditionsTests(SharedVault shared)
{
    private const int Length = 1_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_range_under_the_right_tag_is_honoured_and_under_another_the_whole_is_sent()
    {
        var recording = await PutAsync();
        using var whole = await GetAsync(recording, "/content");
        var tag = whole.Headers.ETag!.Tag;

        using var right = await GetAsync(recording, "/content", ("Range", "bytes=5-6"), ("If-Range", tag));
        using var weak = await GetAsync(recording, "/content", ("Range", "bytes=5-6"), ("If-Range", "W/" + tag));
        using var other = await GetAsync(recording, "/content", ("Range", "bytes=5-6"), ("If-Range", "\"other\""));
        using var date = await GetAsync(recording, "/content", ("Range", "bytes=5-6"), ("If-Range", "Sun, 22 Nov 2026 10:00:00 GMT"));

        Assert.Equal(HttpStatusCode.PartialContent, right.StatusCode);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], [weak.StatusCode, other.StatusCode, date.StatusCode]);
    }

    [Fact]
    public async Task Who_has_it_already_hears_so_and_that_belongs_to_a_release()
    {
        var recording = await PutAsync();
        using var first = await GetAsync(recording, "/content");

        using var again = await GetAsync(recording, "/content", ("If-None-Match", first.Headers.ETag!.Tag));
        using var changed = await GetAsync(recording, "/content", ("If-None-Match", "\"other\""));
        using var wrong = await GetAsync(recording, "/content", ("If-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        AssertUsage(again);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, wrong.StatusCode);
        Assert.Single(await ReleasesAsync(recording));
    }

    [Fact]
    public async Task Not_modified_is_not_answered_to_who_may_not_read()
    {
        var recording = await PutAsync();
        using var first = await GetAsync(recording, "/content");
        using var request = new HttpRequestMessage(HttpMethod.Get, recording.Path + "/content");
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);

        using var answer = await shared.Vault.Bare.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> GetAsync(StoredRecording recording, string what, params (string Name, string Value)[] headers)
    {
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, recording.Path + what);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await owner.SendAsync(request, Cancel);
    }

    private static void AssertUsage(HttpResponseMessage answer)
    {
        Assert.Equal("train-ai=n, search=n", Assert.Single(answer.Headers.NonValidated["Content-Usage"]));
        Assert.Equal("1", Assert.Single(answer.Headers.NonValidated["tdm-reservation"]));
        Assert.Contains("noai", Assert.Single(answer.Headers.NonValidated["X-Robots-Tag"]), StringComparison.Ordinal);
        Assert.Contains("rel=\"license\"", Assert.Single(answer.Headers.NonValidated["Link"]), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<JsonElement>> ReleasesAsync(StoredRecording recording) =>
        [.. (await recording.Tenant.EventsAsync(Cancel)).Where(line => line.GetProperty("type").GetString() == "content.released")];

    private async Task<StoredRecording> PutAsync() => await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), Length, Cancel);
}
