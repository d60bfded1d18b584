using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Consent;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Retention;

/// <summary>What a recording's day follows from in other parts of the vault, and what does not move it.</summary>
public sealed class KeptAcrossTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The line of the consent ledger: a withdrawal may trigger retention.</summary>
    [Fact]
    public async Task A_withdrawal_sets_a_day_where_a_schedule_counts_from_it_and_a_new_yes_takes_it_away()
    {
        var said = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        await RuleAsync(said.Tenant, RetentionTrigger.ConsentWithdrawn, keep: null, dispose: "P7D");
        await said.SaidAsync("Ben", "view-internal", "given", Ct);
        var before = await DayAsync(said.Tenant, said.Id);

        await said.SaidAsync("Ben", "view-internal", "withdrawn", Ct);
        var withdrawn = await DayAsync(said.Tenant, said.Id);
        await said.SaidAsync("Ben", "view-internal", "given", Ct);

        Assert.Null(before);
        Assert.Equal(vault.Clock.GetUtcNow().AddDays(7), withdrawn);
        Assert.Null(await DayAsync(said.Tenant, said.Id));
    }

    [Fact]
    public async Task That_somebody_outside_is_not_to_see_it_any_more_sets_no_day()
    {
        var said = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        await RuleAsync(said.Tenant, RetentionTrigger.ConsentWithdrawn, keep: null, dispose: "P7D");
        await said.SaidAsync("Ben", "share-external", "given", Ct);
        await said.SaidAsync("Ben", "share-external", "withdrawn", Ct);

        Assert.Null(await DayAsync(said.Tenant, said.Id));
    }

    [Fact]
    public async Task Watching_moves_the_day_of_a_schedule_that_counts_from_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct);
        await RuleAsync(tenant, RetentionTrigger.LastViewed, keep: null, dispose: "P90D");
        var first = await DayAsync(tenant, recording.Id);
        vault.Clock.Advance(TimeSpan.FromDays(2));

        (await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync(recording.Path + "/content", Ct)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(first!.Value.AddDays(2), await DayAsync(tenant, recording.Id));
    }

    [Fact]
    public async Task Editing_its_day_sheds_no_obligation_whatever_rules_are_changed_beside_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct);
        await RuleAsync(tenant, RetentionTrigger.Recorded, keep: "P10Y", dispose: null);
        var obliged = (await RowAsync(tenant, recording.Id)).ObligedUntil;
        var contributor = await tenant.ClientAsync(Role.Contributor, Ct);

        (await contributor.PatchAsJsonAsync(recording.Path, new { recordedAt = "1990-01-01T00:00:00Z" }, Ct)).EnsureSuccessStatusCode().Dispose();
        var edited = await RowAsync(tenant, recording.Id);
        await contributor.DeleteAsync(recording.Path, Ct);
        var refused = await InScopeAsync(tenant, services => services.GetRequiredService<IRecordingKeeping>().DestructionAsync(recording.Id, Ct));

        Assert.Equal(obliged, edited.ObligedUntil);
        Assert.Equal("kept-until", refused?.Slug);
        await RaiseAsync(tenant);
        Assert.Equal(obliged, (await RowAsync(tenant, recording.Id)).ObligedUntil);
    }

    [Fact]
    public async Task A_recording_of_the_year_9000_stops_no_other()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (far, near) = (await StoredRecording.PutAsync(vault.Vault, tenant, 100, Ct), await StoredRecording.PutAsync(vault.Vault, tenant, 100, Ct));
        await RowsAsync(tenant, db => db.Recordings.Where(row => row.Id == far.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.RecordedAt, new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero)), Ct));
        await RuleAsync(tenant, RetentionTrigger.Recorded, keep: "P100Y", dispose: "P30D");

        Assert.Equal(RetentionPeriod.Latest, await DayAsync(tenant, far.Id));
        Assert.NotNull(await DayAsync(tenant, near.Id));
    }

    [Fact]
    public async Task The_card_tells_the_day()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct);
        await WriteCardAsync(tenant, recording.Id);
        await RuleAsync(tenant, RetentionTrigger.Uploaded, keep: null, dispose: "P100D");

        var day = await DayAsync(tenant, recording.Id);
        var isDue = await RowsAsync(tenant, db => db.Recordings.Where(row => row.Id == recording.Id).Select(row => row.CardVersion == null).SingleAsync(Ct));
        await WriteCardAsync(tenant, recording.Id);

        Assert.True(isDue);
        Assert.Equal(DateOnly.FromDateTime(day!.Value.UtcDateTime), (await BucketView.CardAsync(tenant, recording.Id, Ct)).RetentionDate);
    }

    private static Task<bool> WriteCardAsync(TestTenant tenant, Guid id) => InScopeAsync(tenant, async services =>
    {
        await ActivatorUtilities.CreateInstance<WriteCardJob>(services).RunAsync(id, Ct);
        return true;
    });

    private static Task<int> RaiseAsync(TestTenant tenant) =>
        RowsAsync(tenant, db => db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(row => row.RetentionGeneration, row => row.RetentionGeneration + 1), Ct));

    private static async Task RuleAsync(TestTenant tenant, RetentionTrigger trigger, string? keep, string? dispose)
    {
        await InScopeAsync(tenant, async services =>
        {
            var db = services.GetRequiredService<Server.Data.VaultDbContext>();
            using var key = await services.GetRequiredService<Server.Features.Keys.TenantKeys>().DataKeyAsync(Ct);
            var id = Guid.CreateVersion7();
            db.RetentionSchedules.Add(new RetentionSchedule
            {
                TenantId = tenant.Id,
                Id = id,
                Name = SealedText.Seal(key, tenant.Id, id, RetentionSchedule.NameColumn, "All"),
                Scope = RetentionScope.Tenant,
                Trigger = trigger,
                KeepAtLeast = keep,
                DisposeAfter = dispose,
                Action = DisposalAction.Destroy,
                GraceInDays = 30,
                CreatedAt = DateTimeOffset.UnixEpoch,
                CreatedBy = tenant.Owner.Id,
            });
            return await db.SaveChangesAsync(Ct);
        });
        await RaiseAsync(tenant);
    }

    private static async Task<DateTimeOffset?> DayAsync(TestTenant tenant, Guid id) => (await RowAsync(tenant, id)).DisposeAt;

    /// <summary>As it is when the dates have been followed.</summary>
    private static async Task<RecordingDisposal> RowAsync(TestTenant tenant, Guid id)
    {
        await InScopeAsync(tenant, services => services.GetRequiredService<DateFollowing>().FollowAsync(Ct));
        return await RowsAsync(tenant, db => db.RecordingDisposals.AsNoTracking().SingleAsync(row => row.RecordingId == id, Ct));
    }

    private static Task<T> RowsAsync<T>(TestTenant tenant, Func<Server.Data.VaultDbContext, Task<T>> look) => InScopeAsync(tenant, services => look(services.GetRequiredService<Server.Data.VaultDbContext>()));

    private static async Task<T> InScopeAsync<T>(TestTenant tenant, Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = tenant.Enter();
        return await act(scope.ServiceProvider);
    }
}
