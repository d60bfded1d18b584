using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>A film that is encoded for hours holds up nobody else's length, picture and captions.</summary>
public sealed class BesideRenditionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_one_film_is_encoded_the_next_gets_its_length_poster_and_captions()
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap" });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var view = new VaultView(vault, tenant.Id);
        using var letGo = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The encoding asks for the length that was found before, and is held there: with the work claimed, and with no transaction open.
        using var hold = DatabaseEvents.WhenExecuting(tenant.Id, command =>
        {
            if (!command.StartsWith("SELECT", StringComparison.Ordinal) || !IsOfTheLengthAlone(command))
                return;
            isHeld.TrySetResult();
            letGo.Wait(Limit, Ct);
        });
        var film = await PutAsync(vault, tenant, await MediaSamples.BytesAsync("hevc.mp4", Ct), "video/mp4");
        vault.Services.GetRequiredService<JobQueue>().Nudge<ProcessJob>(tenant.Id, film);
        await isHeld.Task.WaitAsync(Limit, Ct);
        Assert.True(await view.RowsAsync(db => db.AssetProcessings.AnyAsync(row => row.RecordingId == film && row.State == ProcessingState.Running && row.NeedsRendition, Ct)));

        var words = await MediaSamples.TextAsync("beside.srt", "1\n00:00:01,000 --> 00:00:03,000\nGood morning, both.\n", Ct);
        var talk = await MediaSamples.MakeAsync("beside.mkv", $"-i \"{await MediaSamples.PathAsync("plain.mp4", Ct)}\" -i \"{words}\" -map 0 -map 1 -c copy -c:s subrip");
        var second = await PutAsync(vault, tenant, await File.ReadAllBytesAsync(talk, Ct), "video/x-matroska");
        vault.Services.GetRequiredService<JobQueue>().Nudge<ProcessJob>(tenant.Id, second);

        Assert.True(await view.ComesTrueAsync(db => db.AssetProcessings.AnyAsync(row => row.RecordingId == second && row.State == ProcessingState.Done, Ct), Limit));
        var shown = await (await tenant.ClientAsync(Role.Viewer, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{second}", Ct);
        Assert.InRange(shown.GetProperty("durationSeconds").GetDouble(), 3.8, 4.3);
        Assert.Superset(new HashSet<string>(["poster", "captions", "waveform"], StringComparer.Ordinal), shown.GetProperty("assets").EnumerateArray().Select(asset => asset.GetProperty("role").GetString()!).ToHashSet(StringComparer.Ordinal));
        Assert.False(await view.RowsAsync(db => db.RecordingAssets.AnyAsync(asset => asset.RecordingId == film && asset.Role == ObjectRole.Rendition, Ct)));

        letGo.Set();
        Assert.True(await view.ComesTrueAsync(db => db.AssetProcessings.AnyAsync(row => row.RecordingId == film && row.State == ProcessingState.Done && !row.NeedsRendition, Ct), Limit));
        Assert.True(await view.RowsAsync(db => db.RecordingAssets.AnyAsync(asset => asset.RecordingId == film && asset.Role == ObjectRole.Rendition, Ct)));
    }

    private static bool IsOfTheLengthAlone(string command) =>
        command.Split("FROM", 2) is [var columns, var rest] && columns.Contains("duration_seconds", StringComparison.Ordinal) && !columns.Contains(',', StringComparison.Ordinal)
        && rest.Contains("asset_processings", StringComparison.Ordinal);

    private static async Task<Guid> PutAsync(TestVault vault, TestTenant tenant, byte[] content, string mediaType) =>
        (await StoredRecording.PutAsync(vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct), Ct)).Id;
}
