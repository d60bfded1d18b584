using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Due;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>An organisation with rules as rows, whose nights come when a test says so.</summary>
internal sealed class DueHouse(TestTenant tenant, TimeProvider time)
{
    public TestTenant Tenant => tenant;

    public static async Task<DueHouse> MakeAsync(TestVault vault, TimeProvider time, CancellationToken cancellationToken) => new(await TestTenant.CreateAsync(vault, cancellationToken), time);

    /// <summary>Somebody else's recording, or the owner's, that came in now.</summary>
    public async Task<Guid> RecordingAsync(CancellationToken cancellationToken, Guid? creator = null)
    {
        var recording = await StoredRecording.PutAsync(tenant.Vault, tenant, 1_000, cancellationToken);
        await ChangeAsync(db => db.Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedBy, creator ?? tenant.Owner.Id), cancellationToken));
        return recording.Id;
    }

    public async Task<Guid> ScheduleAsync(
        CancellationToken cancellationToken, string? disposeAfter = "P10D", string? keepAtLeast = null, DisposalAction action = DisposalAction.Destroy, int grace = 30, Guid? recording = null)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var id = Guid.CreateVersion7();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(cancellationToken);
        db.RetentionSchedules.Add(new RetentionSchedule
        {
            TenantId = tenant.Id,
            Id = id,
            Name = SealedText.Seal(key, tenant.Id, id, RetentionSchedule.NameColumn, "Coaching <b>"),
            Scope = recording is null ? RetentionScope.Tenant : RetentionScope.Recording,
            Target = recording?.ToString(),
            Trigger = RetentionTrigger.Uploaded,
            KeepAtLeast = keepAtLeast,
            DisposeAfter = disposeAfter,
            Action = action,
            GraceInDays = grace,
            CreatedAt = time.Now(),
            CreatedBy = tenant.Owner.Id,
        });
        await db.SaveChangesAsync(cancellationToken);
        await db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(row => row.RetentionGeneration, row => row.RetentionGeneration + 1), cancellationToken);
        return id;
    }

    public async Task<Guid> HoldAsync(Guid recording, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var (matter, hold) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(cancellationToken);
        db.Matters.Add(new Matter { TenantId = tenant.Id, Id = matter, Name = SealedText.Seal(key, tenant.Id, matter, Matter.NameColumn, "Hartmann"), OpenedAt = time.Now(), OpenedBy = tenant.Owner.Id });
        db.LegalHolds.Add(new LegalHold { TenantId = tenant.Id, Id = hold, MatterId = matter, RecordingId = recording, SetAt = time.Now(), SetBy = tenant.Owner.Id });
        await db.SaveChangesAsync(cancellationToken);
        return hold;
    }

    public Task LiftAsync(Guid hold, CancellationToken cancellationToken) =>
        ChangeAsync(db => db.LegalHolds.Where(row => row.Id == hold).ExecuteUpdateAsync(set => set.SetProperty(row => row.LiftedAt, time.Now()), cancellationToken));

    /// <summary>The run of the night that was last.</summary>
    public Task NightAsync(CancellationToken cancellationToken) =>
        new NightlyRun(tenant.Vault.Services.GetRequiredService<SystemScope>(), tenant.Vault.Services.GetRequiredService<JobEdge>(), tenant.Id).RunAsync(cancellationToken);

    public Task<RecordingDisposal> DateAsync(Guid recording, CancellationToken cancellationToken) => ReadAsync(db => db.RecordingDisposals.AsNoTracking().SingleAsync(row => row.RecordingId == recording, cancellationToken));

    public Task<Recording> RowAsync(Guid recording, CancellationToken cancellationToken) => ReadAsync(db => db.Recordings.AsNoTracking().SingleAsync(row => row.Id == recording, cancellationToken));

    public Task<RetentionRun> LastRunAsync(CancellationToken cancellationToken) => ReadAsync(db => db.RetentionRuns.AsNoTracking().OrderByDescending(row => row.StartedAt).FirstAsync(cancellationToken));

    public async Task<TResult> ReadAsync<TResult>(Func<VaultDbContext, Task<TResult>> read)
    {
        await using var scope = tenant.Enter();
        return await read(scope.ServiceProvider.GetRequiredService<VaultDbContext>());
    }

    public Task ChangeAsync(Func<VaultDbContext, Task<int>> change) => ReadAsync(change);

    public async Task<TestBrowser> SignedInAsync(CancellationToken cancellationToken, TestMember? member = null)
    {
        var browser = new TestBrowser(tenant.Vault);
        (await browser.SignInAsync(member ?? tenant.Owner, cancellationToken)).Dispose();
        return browser;
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => await (await tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>(path, cancellationToken);

    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string type, CancellationToken cancellationToken) =>
        [.. (await tenant.EventsAsync(cancellationToken)).Where(line => line.GetProperty("type").GetString() == type)];

    public static string? Detail(JsonElement line, string name) => line.GetProperty("details").TryGetProperty(name, out var value) ? value.GetString() : null;

    public static async Task<string> PageAsync(TestBrowser browser, string path, CancellationToken cancellationToken)
    {
        using var answer = await browser.GetAsync(path, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }
}
