using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>A package lies sealed, and goes: with its time, by somebody's hand, with a recording in it, and when what it was allowed by is over.</summary>
public sealed class ExportEndTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lies_sealed_and_its_recipient_stands_nowhere_in_clear()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, (await PackedRecording.PutAsync(tenant, Ct)).Id);

        var files = Files(id);

        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Ct));
            Assert.DoesNotContain("Claire Martin", text, StringComparison.Ordinal);
            Assert.DoesNotContain("bagit", text, StringComparison.Ordinal);
            Assert.DoesNotContain("WAVEfmt", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ended_by_hand_it_is_gone_with_its_key_and_the_log_says_so()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, (await PackedRecording.PutAsync(tenant, Ct)).Id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);

        using var ended = await client.DeleteAsync($"/api/v1/exports/{id}", Ct);
        using var fetched = await client.GetAsync($"/api/v1/exports/{id}/download", Ct);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Gone), (ended.StatusCode, fetched.StatusCode));
        await AssertGoneAsync(tenant, id);
        Assert.Contains("export.ended", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task When_its_time_is_over_nobody_fetches_it_and_the_sweep_destroys_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, (await PackedRecording.PutAsync(tenant, Ct)).Id);
        await using (var scope = tenant.Enter())
        {
            var past = DateTimeOffset.UnixEpoch.AddYears(50);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.Where(export => export.Id == id).ExecuteUpdateAsync(set => set.SetProperty(export => export.ExpiresAt, past), Ct);
        }

        using var fetched = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/exports/{id}/download", Ct);
        await using (var scope = shared.Vault.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<SystemJobRunner<SweepExportsJob>>().RunAsync(Ct);

        Assert.Equal(HttpStatusCode.Gone, fetched.StatusCode);
        await AssertGoneAsync(tenant, id);
    }

    [Fact]
    public async Task A_recording_that_is_destroyed_takes_its_packages_with_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id, (await PackedRecording.PutAsync(tenant, Ct)).Id);
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync(Ct);
            await scope.ServiceProvider.GetRequiredService<ExportEnding>().DeleteAsync(recording.Id, Ct);
            await db.SaveChangesAsync(Ct);
            await transaction.CommitAsync(Ct);
        }

        using var fetched = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/exports/{id}/download", Ct);
        await using (var scope = shared.Vault.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<SystemJobRunner<SweepExportsJob>>().RunAsync(Ct);

        Assert.Equal(HttpStatusCode.Gone, fetched.StatusCode);
        await AssertGoneAsync(tenant, id);
    }

    [Fact]
    public async Task What_may_not_leave_any_more_is_not_fetched_though_it_was_packed_before()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        (await client.PutAsJsonAsync($"/api/v1/recordings/{recording.Id}/label", new { label = "restricted" }, Ct)).EnsureSuccessStatusCode().Dispose();

        using var fetched = await client.GetAsync($"/api/v1/exports/{id}/download", Ct);

        Assert.Equal(HttpStatusCode.Forbidden, fetched.StatusCode);
        Assert.DoesNotContain("export.fetched", await tenant.EventTypesAsync(Ct));
        Assert.True(await tenant.HasEventAsync("content.refused", recording.Id, Ct));
    }

    [Fact]
    public async Task A_build_that_was_killed_is_begun_again_by_the_sweep()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, (await PackedRecording.PutAsync(tenant, Ct)).Id);
        await using (var scope = tenant.Enter())
        {
            var past = DateTimeOffset.UnixEpoch.AddYears(50);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.Where(export => export.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Building).SetProperty(export => export.ClaimedUntil, past), Ct);
        }

        var export = await PackedRecording.UntilBuiltAsync(tenant, id, Ct);

        Assert.Equal("ready", export.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_server_that_is_stopped_in_order_costs_no_try_and_a_fault_of_the_machine_waits_a_while()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct);
        await using var scope = tenant.Enter();
        var (db, builds) = (scope.ServiceProvider.GetRequiredService<VaultDbContext>(), scope.ServiceProvider.GetRequiredService<ExportBuilds>());
        // Held from the beginning, so that the server's own worker has nothing to look for.
        await db.PackageExports.Where(export => export.Id == id).ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Building).SetProperty(export => export.Tries, 1), Ct);
        Task<PackageExport> RowAsync() => db.PackageExports.AsNoTracking().SingleAsync(export => export.Id == id, Ct);

        var build = await RowAsync();
        await builds.GiveBackAsync(build, isStopped: true, Ct);
        var stopped = await RowAsync();
        var again = await builds.ClaimAsync(id, Ct);
        await builds.GiveBackAsync(again!, isStopped: false, Ct);
        var failed = await RowAsync();
        // Whoever was taken for gone changes nothing of the next one's.
        await builds.GiveBackAsync(build, isStopped: true, Ct);

        Assert.Equal((ExportState.Waiting, 0, (DateTimeOffset?)null), (stopped.State, stopped.Tries, stopped.ClaimedUntil));
        Assert.Equal((ExportState.Waiting, 1), (failed.State, failed.Tries));
        Assert.False(await builds.Due().AnyAsync(export => export.Id == id, Ct));
        Assert.Equal(failed.ClaimedUntil, (await RowAsync()).ClaimedUntil);
    }

    [Fact]
    public async Task What_had_to_wait_at_one_try_is_looked_at_again_at_the_next()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            bool? packed = false;
            await db.PackageExportItems.Where(item => item.ExportId == id).ExecuteUpdateAsync(set => set.SetProperty(item => item.IsPacked, packed).SetProperty(item => item.Reason, "being-marked"), Ct);
            var past = DateTimeOffset.UnixEpoch.AddYears(50);
            await db.PackageExports.Where(export => export.Id == id).ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Building).SetProperty(export => export.ClaimedUntil, past), Ct);
        }

        var export = await PackedRecording.UntilBuiltAsync(tenant, id, Ct);

        Assert.Equal(("ready", "packed"), (export.GetProperty("state").GetString(), export.GetProperty("recordings")[0].GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Before_the_log_says_that_a_recording_is_destroyed_its_packages_are_gone_from_the_store()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        await using (var scope = tenant.Enter())
        {
            DateTimeOffset? past = DateTimeOffset.UnixEpoch.AddYears(50);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.TrashedAt, past), Ct);
            await scope.ServiceProvider.GetRequiredService<RecordingDestruction>().DestroyAsync(recording.Id, Ct);
        }

        await AssertGoneAsync(tenant, id);
        var types = (await tenant.EventsAsync(Ct)).OrderBy(line => line.GetProperty("number").GetInt64()).Select(line => line.GetProperty("type").GetString()).ToList();
        Assert.InRange(types.IndexOf("export.ended"), 0, types.IndexOf("recording.destroyed"));
    }

    [Fact]
    public async Task A_package_says_the_tag_in_force_or_does_not_leave()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            await db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsageTag, UsageTag.NoAiTraining).SetProperty(row => row.UsesNeedingConsent, ""), Ct);
            await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsageTag, UsageTag.NoAiTraining), Ct);
            await ActivatorUtilities.CreateInstance<MarksJob>(scope.ServiceProvider).RunAsync(recording.Id, Ct);
        }

        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        using var before = await client.GetAsync($"/api/v1/exports/{id}/download", Ct);
        (await client.PutAsJsonAsync($"/api/v1/recordings/{recording.Id}/usage", new { tag = "no-tdm" }, Ct)).EnsureSuccessStatusCode().Dispose();
        using var after = await client.GetAsync($"/api/v1/exports/{id}/download", Ct);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict, "export-outdated"), (before.StatusCode, after.StatusCode, await SharedLink.SlugAsync(after, Ct)));
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "export.fetched");
    }

    [Fact]
    public async Task What_was_killed_with_its_last_try_is_told_as_failed()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PlantAsync(tenant, ExportState.Building);

        await using (var scope = shared.Vault.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<SystemJobRunner<SweepBuildsJob>>().RunAsync(Ct);

        Assert.Equal("failed", (await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}", Ct)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task So_many_are_built_at_once_and_no_more()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        for (var i = 0; i < ExportOrdering.MostBuilding; i++)
            await PlantAsync(tenant, ExportState.Waiting);

        using var refused = await PackedRecording.AskAsync(await tenant.ClientAsync(Role.Owner, Ct), [recording.Id], "share-external", Ct);

        Assert.Equal((HttpStatusCode.Conflict, "too-many-exports"), (refused.StatusCode, await SharedLink.SlugAsync(refused, Ct)));
    }

    /// <summary>One whose tries are spent, so that nobody builds it.</summary>
    private static async Task<Guid> PlantAsync(TestTenant tenant, ExportState state)
    {
        var id = await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct);
        await using var scope = tenant.Enter();
        DateTimeOffset? past = DateTimeOffset.UnixEpoch.AddYears(50);
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.Where(export => export.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(export => export.State, state).SetProperty(export => export.Tries, ExportBuilds.MostTries).SetProperty(export => export.ClaimedUntil, past), Ct);
        return id;
    }

    private string[] Files(Guid id) => Directory.GetFiles(Path.Combine(shared.Vault.DataDirectory, "store"), "*", SearchOption.AllDirectories).Where(path => path.Contains(id.ToString(), StringComparison.Ordinal)).ToArray();

    private async Task AssertGoneAsync(TestTenant tenant, Guid id)
    {
        await using var scope = tenant.Enter();
        Assert.False(await scope.ServiceProvider.GetRequiredService<VaultDbContext>().KeyWraps.AnyAsync(wrap => wrap.Kind == KeyKind.Export && wrap.OwnerId == id, Ct));
        Assert.Empty(Files(id));
    }
}
