using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>What is due by the clock, and what is broken, in a vault whose clock the test holds.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    // Files of the store have the machine's time: the vault's clock begins there.
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private TestVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Fact]
    public async Task An_upload_expires_seven_days_after_its_last_byte_and_the_sweep_ends_it_with_an_event()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, recording) = await tus.BeginAsync(100_000, Ct);
        clock.Advance(TimeSpan.FromDays(3));
        await tus.AppendAsync(address, 0, Footage.Make(50_000), Ct);
        var expiry = clock.GetUtcNow() + TimeSpan.FromDays(7);
        using var told = await tus.HeadAsync(address, Ct);

        clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await SweepAsync();
        var before = await tus.OffsetAsync(address, Ct);
        clock.Advance(TimeSpan.FromSeconds(1));
        using var expired = await tus.HeadAsync(address, Ct);
        var swept = await tenant.HasEventAsync("upload.ended", TusClient.IdOf(address), Ct);
        await SweepAsync();

        Assert.Equal(expiry.ToString("R", CultureInfo.InvariantCulture), told.Headers.GetValues("Upload-Expires").Single());
        Assert.Equal(50_000, before);
        Assert.Equal(HttpStatusCode.Gone, expired.StatusCode);
        Assert.False(swept);
        var ended = (await tenant.EventsAsync(Ct)).First(line => line.GetProperty("type").GetString() == "upload.ended");
        Assert.Equal(TusClient.IdOf(address), ended.GetProperty("target").GetProperty("id").GetGuid());
        Assert.Equal("expired", ended.GetProperty("details").GetProperty("reason").GetString());
        Assert.Equal("system", ended.GetProperty("actor").GetProperty("kind").GetString());
        var view = new VaultView(vault, tenant.Id);
        Assert.Null(await view.RecordingAsync(recording));
        Assert.Empty(await view.ObjectsAsync(recording));
    }

    [Fact]
    public async Task An_upload_that_somebody_went_on_with_meanwhile_is_not_ended_as_expired()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(100_000, Ct);
        await tus.AppendAsync(address, 0, Footage.Make(50_000), Ct);

        await new VaultView(vault, tenant.Id).InScopeAsync(async services =>
        {
            await services.GetRequiredService<UploadEnding>().EndAsync(TusClient.IdOf(address), EndReason.Expired, Actor.System, Ct);
            return true;
        });

        Assert.Equal(50_000, await tus.OffsetAsync(address, Ct));
    }

    [Fact]
    public async Task What_is_broken_in_one_recording_stops_no_sweep_of_another()
    {
        var first = await TestTenant.CreateAsync(vault, Ct);
        var second = await TestTenant.CreateAsync(vault, Ct);
        await DamageAsync(first, await FinishedAsync(first));
        await DestroyKeyAsync(first, await FinishedAsync(first));
        var later = await LeaveOrphanAsync(first, await FinishedAsync(first));
        var elsewhere = await LeaveOrphanAsync(second, await FinishedAsync(second));
        clock.Advance(TimeSpan.FromDays(2));

        await SweepAsync();

        Assert.False(File.Exists(later));
        Assert.False(File.Exists(elsewhere));
    }

    [Fact]
    public async Task A_key_whose_recording_was_never_committed_is_deleted_a_day_later_and_no_other()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var (_, empty) = await (await TusClient.OfAsync(tenant, Role.Owner, Ct)).BeginAsync(1_000, Ct);
        var finished = await FinishedAsync(tenant);
        var (never, lost) = (await PutKeyAsync(tenant), await PutKeyAsync(tenant));
        // A restored database may know less than the store: what is not a key alone stays.
        var view = new VaultView(vault, tenant.Id);
        var segment = view.FileOf((await view.ObjectsAsync(finished)).Single(found => found.Role == ObjectRole.OriginalSegment));
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(KeysOf(tenant, lost).Single()))!;
        var beside = Path.Combine(folder, segment[(segment.IndexOf($"{finished}", StringComparison.Ordinal) + $"{finished}/".Length)..]);
        Directory.CreateDirectory(Path.GetDirectoryName(beside)!);
        File.Copy(segment, beside);

        clock.Advance(TimeSpan.FromHours(23));
        await SweepAsync();
        var early = KeysOf(tenant, never);
        clock.Advance(TimeSpan.FromHours(2));
        await SweepAsync();

        Assert.Single(early);
        Assert.Empty(KeysOf(tenant, never));
        Assert.Single(KeysOf(tenant, lost));
        Assert.True(File.Exists(beside));
        Assert.Single(KeysOf(tenant, empty));
        Assert.Single(KeysOf(tenant, finished));
    }

    private Task SweepAsync() => ActivatorUtilities.CreateInstance<SweepUploadsJob>(vault.Services).RunAsync(Ct);

    private static async Task<Guid> FinishedAsync(TestTenant tenant)
    {
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, recording) = await tus.BeginAsync(1_000, Ct);
        await tus.AppendAsync(address, 0, Footage.Make(1_000), Ct);
        return recording;
    }

    /// <summary>As a creation that dies before its commit.</summary>
    private async Task<Guid> PutKeyAsync(TestTenant tenant) => await new VaultView(vault, tenant.Id).InScopeAsync(async services =>
    {
        using var seed = await services.GetRequiredService<RecordingCreation>().PrepareAsync(Ct);
        return seed.Id;
    });

    private string[] KeysOf(TestTenant tenant, Guid recording) =>
        [.. Directory.EnumerateFiles(Path.Combine(vault.DataDirectory, "store", "t", $"{tenant.Id}"), "*", SearchOption.AllDirectories)
            .Where(path => path.Contains($"{recording}", StringComparison.Ordinal) && path.Contains("/key/", StringComparison.Ordinal))];

    private async Task DamageAsync(TestTenant tenant, Guid recording)
    {
        var view = new VaultView(vault, tenant.Id);
        var manifest = (await view.UploadedAsync(recording)).Single(found => found.Role == ObjectRole.Manifest);
        await File.WriteAllBytesAsync(view.FileOf(manifest), new byte[200], Ct);
    }

    private async Task DestroyKeyAsync(TestTenant tenant, Guid recording) => await new VaultView(vault, tenant.Id).InScopeAsync(async services =>
    {
        await services.GetRequiredService<TenantKeys>().ForgetRecordingKeyAsync(recording, Ct);
        return true;
    });

    /// <summary>A segment that was put when the process died before its row.</summary>
    private async Task<string> LeaveOrphanAsync(TestTenant tenant, Guid recording)
    {
        var view = new VaultView(vault, tenant.Id);
        var segment = (await view.ObjectsAsync(recording)).Single(found => found.Role == ObjectRole.OriginalSegment);
        var orphan = view.FileOf(segment).Replace($"{segment.ObjectId}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal);
        File.Copy(view.FileOf(segment), orphan);
        return orphan;
    }
}
