using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>What becomes of a recording after its upload: with the real tools, the real store and the real rows.</summary>
public sealed class ProcessingTests : IAsyncLifetime
{
    private TestVault vault = null!;
    private TestTenant tenant = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await StartAsync("web,worker");

    private async Task StartAsync(string roles)
    {
        vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap", ["Vault:Roles"] = roles });
        // These tests do its work step by step; a sweep in between would do it first.
        vault.Services.GetRequiredService<IRecurringJobManager>().RemoveIfExists(SweepProcessingJob.Name);
        tenant = await TestTenant.CreateAsync(vault, Ct);
    }

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Fact]
    public async Task What_no_browser_plays_gets_a_rendition_that_plays_while_a_download_gives_the_original()
    {
        var original = await MediaSamples.BytesAsync("hevc.mp4", Ct);
        var id = await PutAsync(original, "video/mp4");
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        Assert.Equal(MarkedFile.Of(original, "video/mp4", UsageTag.NoTdm), await client.GetByteArrayAsync($"/api/v1/recordings/{id}/content", Ct));

        var shown = await ProcessAsync(id);

        Assert.Equal("ready", shown.GetProperty("state").GetString());
        Assert.InRange(shown.GetProperty("durationSeconds").GetDouble(), 3.8, 4.3);
        Assert.Equal(["original", "poster", "rendition", "thumbnails", "waveform"], Assets(shown).Select(asset => asset.GetProperty("role").GetString()).Order(StringComparer.Ordinal));
        var rendition = Assets(shown).Single(asset => asset.GetProperty("role").GetString() == "rendition").GetProperty("id").GetGuid();
        Assert.Equal(rendition, shown.GetProperty("plays").GetGuid());
        Assert.Equal(original.Length, shown.GetProperty("sizeInBytes").GetInt64());

        var content = await client.GetByteArrayAsync($"/api/v1/recordings/{id}/content", Ct);
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, content, Ct);
        Assert.Equal("h264,aac", (await MediaSamples.AskAsync(file, "stream=codec_name", Ct)).ReplaceLineEndings(","));
        File.Delete(file);
        await SignedFile.AssertKeptAsync(vault, original, "video/mp4", await client.GetByteArrayAsync($"/api/v1/recordings/{id}/download", Ct), Ct);
    }

    [Fact]
    public async Task A_page_names_the_file_that_it_plays_and_nothing_else_can_be_named()
    {
        var original = await MediaSamples.BytesAsync("meeting.mkv", Ct);
        var id = await PutAsync(original, "video/x-matroska");
        var shown = await ProcessAsync(id);
        var client = await tenant.ClientAsync(Role.Viewer, Ct);
        Guid Asset(string role) => Assets(shown).Single(asset => asset.GetProperty("role").GetString() == role).GetProperty("id").GetGuid();

        Assert.Equal(MarkedFile.Of(original, "video/x-matroska", UsageTag.NoTdm), await client.GetByteArrayAsync($"/api/v1/recordings/{id}/content?asset={Asset("original")}", Ct));
        Assert.NotEqual(original, await client.GetByteArrayAsync($"/api/v1/recordings/{id}/content?asset={Asset("rendition")}", Ct));
        foreach (var other in new[] { Asset("poster"), Asset("waveform"), Guid.CreateVersion7() })
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/v1/recordings/{id}/content?asset={other}", Ct)).StatusCode);
    }

    [Fact]
    public async Task What_plays_as_it_is_stays_alone()
    {
        var id = await PutAsync(await MediaSamples.BytesAsync("plain.mp4", Ct), "video/mp4");

        var shown = await ProcessAsync(id);

        Assert.DoesNotContain("rendition", Assets(shown).Select(asset => asset.GetProperty("role").GetString()));
        Assert.Equal("2026-11-20T09:30:00Z", shown.GetProperty("recordedAt").GetDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal));
        Assert.Equal(1, await TriesAsync(id));
        await ProcessAsync(id);
        Assert.Equal(1, await TriesAsync(id));
    }

    [Fact]
    public async Task What_is_no_media_fails_with_a_reason_stays_as_it_came_and_can_be_tried_again()
    {
        var garbage = Footage.Make(100_000);
        var id = await PutAsync(garbage, "video/mp4");
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var shown = await ProcessAsync(id);
        Assert.Equal("failed", shown.GetProperty("state").GetString());
        Assert.Equal("broken-file", shown.GetProperty("processing").GetProperty("failure").GetString());
        Assert.Equal(garbage, await owner.GetByteArrayAsync($"/api/v1/recordings/{id}/download", Ct));

        Assert.Equal(HttpStatusCode.Forbidden, (await (await tenant.ClientAsync(Role.Viewer, Ct)).PostAsync($"/api/v1/recordings/{id}/processing", null, Ct)).StatusCode);
        var stranger = await (await TestTenant.CreateAsync(vault, Ct)).ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"/api/v1/recordings/{id}/processing", null, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await owner.PostAsync($"/api/v1/recordings/{id}/processing", null, Ct)).StatusCode);
        Assert.Contains("processing.begun-anew", await tenant.EventTypesAsync(Ct));
        Assert.Equal("failed", (await ProcessAsync(id)).GetProperty("processing").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Nothing_is_tried_again_where_nothing_failed()
    {
        var id = await PutAsync(await MediaSamples.BytesAsync("call.mp3", Ct), "audio/mpeg");
        await ProcessAsync(id);

        var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsync($"/api/v1/recordings/{id}/processing", null, Ct);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    public async Task Work_that_somebody_is_at_is_left_to_him_and_taken_up_when_he_is_gone()
    {
        var id = await PutAsync(await MediaSamples.BytesAsync("call.mp3", Ct), "audio/mpeg");
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            var asset = await db.RecordingAssets.AsNoTracking().SingleAsync(asset => asset.RecordingId == id, Ct);
            // On one node a claim from before its start counts for nothing: this one is made after it.
            Assert.NotNull(await scope.ServiceProvider.GetRequiredService<ProcessingRows>().ClaimAsync(asset, MakingStage.Small, Ct));
            Assert.Null(await scope.ServiceProvider.GetRequiredService<ProcessingRows>().ClaimAsync(asset, MakingStage.Small, Ct));
            await RunAsync(id);
            Assert.Equal(ProcessingState.Running, (await db.AssetProcessings.AsNoTracking().SingleAsync(row => row.RecordingId == id, Ct)).State);
            // The process that had claimed it was killed: its claim runs out.
            await db.AssetProcessings.Where(row => row.RecordingId == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, DateTimeOffset.UnixEpoch), Ct);
        }

        Assert.Equal("done", (await ProcessAsync(id)).GetProperty("processing").GetProperty("state").GetString());
        Assert.Equal(2, await TriesAsync(id));
    }

    [Fact]
    public async Task Progress_is_told_as_it_goes()
    {
        // Nobody works here but this test: the sweep of a worker's start may come at any moment.
        await DisposeAsync();
        await StartAsync("web");
        var id = await PutAsync(await MediaSamples.BytesAsync("hevc.mp4", Ct), "video/mp4");
        var client = await tenant.ClientAsync(Role.Viewer, Ct);
        using var answer = await client.GetAsync($"/api/v1/recordings/{id}/processing/events", HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));

        // How it stands comes with the answer; the work begins when that is told.
        Assert.Equal("waiting", await NextStateAsync(lines));
        var running = RunAsync(id);
        var last = "";
        while (await NextStateAsync(lines) is { } state)
            last = state;

        await running;
        Assert.Equal("done", last);
        var stranger = await (await TestTenant.CreateAsync(vault, Ct)).ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/v1/recordings/{id}/processing/events", Ct)).StatusCode);
    }

    /// <returns>Null at the end of the stream.</returns>
    private static async Task<string?> NextStateAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync(Ct) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line[6..]).RootElement.GetProperty("state").GetString();
        }

        return null;
    }

    [Fact]
    public async Task One_token_listens_to_sixteen_makings_at_once_and_to_another_when_it_has_left_one()
    {
        // Somebody is at it as long as the test lasts. The vault's own sweep, once a minute, may have been before: then another one is taken.
        var (id, isClaimed) = (Guid.Empty, false);
        for (var tries = 0; tries < 5 && !isClaimed; tries++)
        {
            id = await PutAsync(Footage.Make(50_000), "video/mp4");
            await using var scope = tenant.Enter();
            var asset = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecordingAssets.AsNoTracking().SingleAsync(asset => asset.RecordingId == id, Ct);
            isClaimed = await scope.ServiceProvider.GetRequiredService<ProcessingRows>().ClaimAsync(asset, MakingStage.Small, Ct) is not null;
        }

        Assert.True(isClaimed);
        var client = await tenant.ClientAsync(Role.Contributor, Ct);
        var address = $"/api/v1/recordings/{id}/processing/events";
        var open = new List<HttpResponseMessage>();
        for (var listener = 0; listener < 16; listener++)
            open.Add(await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Ct));
        Assert.All(open, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        using var more = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, more.StatusCode);
        Assert.Contains("too-many-streams", await more.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var somebodyElse = await (await tenant.ClientAsync(Role.Viewer, Ct)).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(HttpStatusCode.OK, somebodyElse.StatusCode);

        open[0].Dispose();
        while (true)
        {
            using var again = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Ct);
            if (again.StatusCode == HttpStatusCode.OK)
                break;
            await Task.Delay(50, Ct);
        }

        open.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task The_day_that_a_file_gives_its_recording_stands_in_the_log()
    {
        var id = await PutAsync(await MediaSamples.BytesAsync("plain.mp4", Ct), "video/mp4");

        var made = await ProcessAsync(id);

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero), made.GetProperty("recordedAt").GetDateTimeOffset());
        var dated = Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "recording.dated");
        Assert.Equal(id, dated.GetProperty("target").GetProperty("id").GetGuid());
        Assert.Equal("system", dated.GetProperty("actor").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_page_says_what_failed_and_offers_another_try()
    {
        var id = await PutAsync(Footage.Make(50_000), "video/mp4");
        await ProcessAsync(id);
        using var browser = new TestBrowser(vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var page = await (await browser.GetAsync($"/recordings/{id}", Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains("could not be made ready for every browser", page, StringComparison.Ordinal);
        var again = await browser.PostFormAsync($"/recordings/{id}/processing", [], Ct, page: $"/recordings/{id}");

        Assert.Equal(HttpStatusCode.Found, again.StatusCode);
        Assert.Contains("processing.begun-anew", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task The_page_tells_how_the_sheet_of_thumbnails_lies_and_not_how_long_the_rendition_is()
    {
        var id = await PutAsync(await MediaSamples.BytesAsync("hevc.mp4", Ct), "video/mp4");
        await ProcessAsync(id);
        await using (var scope = tenant.Enter())
        {
            // Twenty pictures in two rows.
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AssetProcessings.Where(row => row.RecordingId == id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DurationSeconds, 39.9).SetProperty(row => row.SheetStepSeconds, 2.0).SetProperty(row => row.SheetColumns, 10), Ct);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Where(recording => recording.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(recording => recording.DurationSeconds, 40.2), Ct);
        }

        using var browser = new TestBrowser(vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var page = await (await browser.GetAsync($"/recordings/{id}", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("data-columns=\"10\" data-rows=\"2\"", page, StringComparison.Ordinal);
    }

    private async Task<Guid> PutAsync(byte[] content, string mediaType) =>
        (await StoredRecording.PutAsync(vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct), Ct)).Id;

    /// <summary>Runs the job, or waits for the worker that was quicker.</summary>
    private async Task<JsonElement> ProcessAsync(Guid id)
    {
        await RunAsync(id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        while (true)
        {
            var shown = await client.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct);
            if (shown.GetProperty("processing").GetProperty("state").GetString() is "done" or "failed")
                return shown;
            await Task.Delay(200, Ct);
        }
    }

    private async Task RunAsync(Guid id)
    {
        await using var scope = tenant.Enter();
        await MakingJobs.RunAsync(scope.ServiceProvider, id, Ct);
    }

    private async Task<int> TriesAsync(Guid id)
    {
        await using var scope = tenant.Enter();
        return (await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AssetProcessings.AsNoTracking().SingleAsync(row => row.RecordingId == id, Ct)).Tries;
    }

    private static JsonElement.ArrayEnumerator Assets(JsonElement recording) => recording.GetProperty("assets").EnumerateArray();
}
