using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>The making of a recording, broken off before each thing that it writes down and taken up again, ends where one that was left alone ends.</summary>
public sealed class BrokenOffTests : IAsyncLifetime
{
    /// <summary>As browsers and streaming programs write it: without a length, without an index.</summary>
    private const string Live = "-f lavfi -i testsrc2=size=320x180:rate=10:duration=6 -f lavfi -i sine=frequency=440:duration=6 -pix_fmt yuv420p";

    private TestVault vault = null!;
    private TestTenant tenant = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Without a worker: nobody but the test does this work.
        vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap", ["Vault:Roles"] = "web" });
        tenant = await TestTenant.CreateAsync(vault, Ct);
    }

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Theory]
    [InlineData("live.webm", "video/webm", "-c:v libvpx -deadline realtime -c:a libopus -f webm -live 1", "original poster thumbnails waveform")]
    [InlineData("live.mkv", "video/x-matroska", "-c:v libx264 -c:a aac -f matroska -live 1", "original poster rendition thumbnails waveform")]
    [InlineData("live-hevc.mkv", "video/x-matroska", "-c:v libx265 -x265-params log-level=error -c:a aac -f matroska -live 1", "original poster rendition thumbnails waveform")]
    [InlineData("live-silent.webm", "video/webm", "-an -c:v libvpx -deadline realtime -f webm", "original poster thumbnails")]
    public async Task Broken_off_at_each_step_it_ends_with_the_same_facts_and_files(string name, string mediaType, string recipe, string files)
    {
        var film = await File.ReadAllBytesAsync(await MediaSamples.MakeAsync(name, $"{Live} {recipe}"), Ct);
        var whole = await PutAsync(film, mediaType);
        await RunAsync(whole, breakAt: 0);
        var expected = await TellAsync(whole);
        Assert.Equal(files, expected.Files);
        Assert.InRange(expected.Seconds!.Value, 5.5, 6.5);
        Assert.InRange(expected.RowSeconds!.Value, 5.5, 6.5);
        Assert.NotNull(expected.SheetStep);

        var steps = 0;
        for (var isBroken = true; isBroken;)
        {
            var id = await PutAsync(film, mediaType);
            isBroken = await RunAsync(id, breakAt: ++steps);
            if (isBroken)
                await RunAsync(id, breakAt: 0);
            Assert.Equal(expected, await TellAsync(id));
        }

        Assert.True(steps > 3, "It writes down files, facts and its end.");
    }

    /// <param name="breakAt">Before which of the things that it saves it breaks off; 0 for none.</param>
    /// <returns>Whether it broke off.</returns>
    private async Task<bool> RunAsync(Guid id, int breakAt)
    {
        await using var scope = tenant.Enter();
        var saved = 0;
        using var breaking = DatabaseEvents.WhenSaving(tenant.Id, _ =>
        {
            if (++saved == breakAt)
                throw new BrokenOffException();
        });
        try
        {
            await MakingJobs.RunAsync(scope.ServiceProvider, id, Ct);
            return false;
        }
        catch (BrokenOffException)
        {
            return true;
        }
    }

    private async Task<Told> TellAsync(Guid id)
    {
        await using var scope = tenant.Enter();
        var row = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().AssetProcessings.AsNoTracking().SingleAsync(row => row.RecordingId == id, Ct);
        var shown = await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct);
        return new Told(
            string.Join(' ', shown.GetProperty("assets").EnumerateArray().Select(asset => asset.GetProperty("role").GetString()).Order(StringComparer.Ordinal)),
            shown.GetProperty("durationSeconds").GetDouble(), row.DurationSeconds, row.SheetStepSeconds, row.SheetColumns, row.State, row.VideoCodec, row.SoundCodec, row.Width);
    }

    private async Task<Guid> PutAsync(byte[] content, string mediaType) =>
        (await StoredRecording.PutAsync(vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct), Ct)).Id;

    private sealed record Told(
        string Files, double? Seconds, double? RowSeconds, double? SheetStep, int? SheetColumns, ProcessingState State, string? Video, string? Sound, int? Width);

    private sealed class BrokenOffException : Exception;
}
