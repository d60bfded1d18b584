using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>What the machine fails at is tried again, later each time; when that was in vain, somebody is told and can ask for it again.</summary>
public sealed class GivenUpTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private TestVault vault = null!;
    private TestTenant tenant = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Without a worker: nobody but the test does this work.
        vault = await TestVault.StartAsync(
            builder => builder.Services.AddSingleton<TimeProvider>(clock),
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap", ["Vault:Roles"] = "web" });
        tenant = await TestTenant.CreateAsync(vault, Ct);
    }

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Theory]
    [InlineData("call.mp3", "audio/mpeg", false)]
    [InlineData("hevc.mp4", "video/mp4", true)]
    public async Task Trouble_that_lasts_is_waited_out_longer_each_time_and_then_given_up_until_somebody_asks_again(string name, string mediaType, bool isOfRendition)
    {
        var id = await PutAsync(name, mediaType);
        if (isOfRendition)
        {
            await RunAsync(services => ActivatorUtilities.CreateInstance<ProcessJob>(services).RunAsync(id, Ct));
            Assert.Equal((ProcessingState.Waiting, 0), await StandsAsync(id));
        }

        int[] minutes = [0, 5, 20, 80, 320];
        for (var tries = 1; tries <= ProcessingRows.MostTries; tries++)
        {
            await FailAsync(id);
            Assert.Equal((ProcessingState.Waiting, tries), await StandsAsync(id));
            if (tries > minutes.Length)
                break;
            if (minutes[tries - 1] == 0)
                continue;
            clock.Advance(TimeSpan.FromMinutes(minutes[tries - 1]) - TimeSpan.FromSeconds(1));
            await RunAsync(services => MakingJobs.RunAsync(services, id, Ct));
            Assert.Equal((ProcessingState.Waiting, tries), await StandsAsync(id));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        clock.Advance(TimeSpan.FromDays(1));
        await RunAsync(services => MakingJobs.RunAsync(services, id, Ct));
        Assert.Equal((ProcessingState.Waiting, ProcessingRows.MostTries), await StandsAsync(id));
        await SweepAsync();

        await AssertGivenUpAsync(id);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.Accepted, (await owner.PostAsync($"/api/v1/recordings/{id}/processing", null, Ct)).StatusCode);
        await RunAsync(services => MakingJobs.RunAsync(services, id, Ct));
        var shown = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct);
        Assert.Equal(("ready", "done"), (shown.GetProperty("state").GetString(), shown.GetProperty("processing").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task What_was_killed_at_its_last_try_is_given_up_and_not_for_ever_running()
    {
        var id = await PutAsync("call.mp3", "audio/mpeg");
        await RunAsync(async services =>
        {
            var rows = services.GetRequiredService<ProcessingRows>();
            var asset = await rows.Due(MakingStage.Small).SingleAsync(asset => asset.RecordingId == id, Ct);
            for (var kills = 0; kills < ProcessingRows.MostTries; kills++)
            {
                Assert.NotNull(await rows.ClaimAsync(asset, MakingStage.Small, Ct));
                // While its claim is good somebody may be at it.
                await SweepAsync();
                Assert.Equal((ProcessingState.Running, kills + 1), await StandsAsync(id));
                clock.Advance(TimeSpan.FromMinutes(3));
            }

            Assert.Null(await rows.ClaimAsync(asset, MakingStage.Small, Ct));
        });

        await SweepAsync();

        await AssertGivenUpAsync(id);
    }

    [Fact]
    public async Task Whoever_was_taken_for_gone_and_is_not_adds_and_says_nothing_any_more()
    {
        var id = await PutAsync("call.mp3", "audio/mpeg");
        await RunAsync(async services =>
        {
            var rows = services.GetRequiredService<ProcessingRows>();
            var asset = await rows.Due(MakingStage.Small).SingleAsync(asset => asset.RecordingId == id, Ct);
            var gone = (await rows.ClaimAsync(asset, MakingStage.Small, Ct))!;
            clock.Advance(TimeSpan.FromMinutes(3));
            var next = (await rows.ClaimAsync(asset, MakingStage.Small, Ct))!;

            await Assert.ThrowsAsync<ClaimLostException>(() => HoldAsync(services, gone));
            await Assert.ThrowsAsync<ClaimLostException>(() => rows.FinishAsync(gone, Ct));
            await Assert.ThrowsAsync<ClaimLostException>(() => rows.FailAsync(gone, MediaFailure.Broken, Ct));
            await rows.HandOverAsync(gone, Ct);
            await rows.ReleaseAsync(gone, isStopped: true, Ct);
            Assert.Equal((ProcessingState.Running, 2), await StandsAsync(id));

            await HoldAsync(services, next);
            await rows.FinishAsync(next, Ct);
        });

        Assert.Equal((ProcessingState.Done, 2), await StandsAsync(id));

        static async Task HoldAsync(IServiceProvider services, ProcessingClaim claim)
        {
            await using var transaction = await services.GetRequiredService<VaultDbContext>().Database.BeginTransactionAsync(Ct);
            await services.GetRequiredService<ProcessingRows>().HoldAsync(claim, Ct);
            await transaction.CommitAsync(Ct);
        }
    }

    [Fact]
    public async Task A_server_that_is_stopped_in_order_loses_no_try()
    {
        var id = await PutAsync("call.mp3", "audio/mpeg");
        await RunAsync(async services =>
        {
            var rows = services.GetRequiredService<ProcessingRows>();
            var asset = await rows.Due(MakingStage.Small).SingleAsync(asset => asset.RecordingId == id, Ct);
            await rows.ReleaseAsync((await rows.ClaimAsync(asset, MakingStage.Small, Ct))!, isStopped: true, Ct);
            Assert.Equal((ProcessingState.Waiting, 0), await StandsAsync(id));
            Assert.True(await rows.Due(MakingStage.Small).AnyAsync(asset => asset.RecordingId == id, Ct));
        });
    }

    private async Task AssertGivenUpAsync(Guid id)
    {
        var shown = await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct);
        Assert.Equal(("failed", "failed", "given-up"), (
            shown.GetProperty("state").GetString(), shown.GetProperty("processing").GetProperty("state").GetString(), shown.GetProperty("processing").GetProperty("failure").GetString()));
        using var browser = new TestBrowser(vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        var page = await (await browser.GetAsync($"/recordings/{id}", Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains("The vault gave up making this file ready for every browser.", page, StringComparison.Ordinal);
        Assert.Contains(">Try again</button>", page, StringComparison.Ordinal);
        var library = await (await browser.GetAsync("/", Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains("could not be made ready for browsers.", library, StringComparison.Ordinal);
    }

    /// <summary>The store, or the database, is away when the first thing is to be written down.</summary>
    private async Task FailAsync(Guid id)
    {
        using var trouble = DatabaseEvents.WhenSaving(tenant.Id, db =>
        {
            // The first claim is a new row; that is made.
            if (!db.ChangeTracker.Entries<AssetProcessing>().Any(entry => entry.State == EntityState.Added))
                throw new IOException("The store is away.");
        });
        await Assert.ThrowsAsync<IOException>(() => RunAsync(services => MakingJobs.RunAsync(services, id, Ct)));
    }

    private Task SweepAsync() => RunAsync(services => ActivatorUtilities.CreateInstance<SweepProcessingJob>(services).RunAsync(Ct));

    private async Task RunAsync(Func<IServiceProvider, Task> act)
    {
        await using var scope = tenant.Enter();
        await act(scope.ServiceProvider);
    }

    private Task<(ProcessingState, int)> StandsAsync(Guid id) => new VaultView(vault, tenant.Id).RowsAsync(async db =>
        await db.AssetProcessings.AsNoTracking().Where(row => row.RecordingId == id).Select(row => new ValueTuple<ProcessingState, int>(row.State, row.Tries)).SingleAsync(Ct));

    private async Task<Guid> PutAsync(string name, string mediaType)
    {
        var content = await MediaSamples.BytesAsync(name, Ct);
        return (await StoredRecording.PutAsync(vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct), Ct)).Id;
    }
}
