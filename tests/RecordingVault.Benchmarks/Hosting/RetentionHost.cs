using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Commands;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Benchmarks.Hosting;

/// <summary>
/// Nights over one tenant with so many recordings of which one in a hundred is due, beside the bare database: the same rows changed by plain sentences, a transaction for each recording. The recordings
/// are rows alone; a night opens no file and no key of theirs.
/// </summary>
internal static class RetentionHost
{
    private const int BatchLength = 2_000;
    private const int OneIn = 100;

    private static readonly DateTimeOffset s_long = TimeProvider.System.Now().AddYears(-2);

    /// <summary>Prints, for each round: seconds of the night, seconds of the bare database, bytes allocated; MiB of the process at its peak.</summary>
    public static async Task<int> RunAsync(int count, int rounds)
    {
        await using var vault = await OpenedVault.OpenAsync(CancellationToken.None);
        var system = vault.Services.GetRequiredService<SystemScope>();
        var tenant = (await system.ListTenantsAsync(SystemReason.Provision, CancellationToken.None)).Single();
        await FillAsync(system, tenant, count);
        var edge = vault.Services.GetRequiredService<JobEdge>();
        // The first reckons every date; what comes after it is a night like any other.
        await NightAsync(system, edge, tenant);
        var lines = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            await DueAgainAsync(system, tenant);
            var bare = await BareAsync(system, tenant);
            await DueAgainAsync(system, tenant);
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var began = Stopwatch.GetTimestamp();
            await NightAsync(system, edge, tenant);
            var night = Stopwatch.GetElapsedTime(began).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            var trashed = await TrashedAsync(system, tenant);
            if (trashed != count / OneIn)
                throw new InvalidOperationException($"The night moved {trashed} recordings instead of {count / OneIn}.");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{night} {bare} {allocated} {Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)}"));
        }

        Console.WriteLine(string.Join(';', lines));
        return 0;
    }

    private static async Task NightAsync(SystemScope system, JobEdge edge, Guid tenant)
    {
        await using (var scope = system.Enter(tenant))
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RetentionRuns.ExecuteDeleteAsync();
        await new NightlyRun(system, edge, tenant).RunAsync(CancellationToken.None);
    }

    private static async Task FillAsync(SystemScope system, Guid tenant, int count)
    {
        for (var made = 0; made < count; made += BatchLength)
        {
            await using var scope = system.Enter(tenant);
            var (db, now) = (scope.ServiceProvider.GetRequiredService<VaultDbContext>(), TimeProvider.System.Now());
            using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(CancellationToken.None);
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var number = made; number < Math.Min(count, made + BatchLength); number++)
            {
                var id = Guid.CreateVersion7();
                var recording = new Recording { TenantId = tenant, Id = id, Title = SealedText.Seal(key, tenant, id, Recording.TitleColumn, "Planted"), CreatedAt = now, CreatedBy = Guid.Empty, RecordedAt = number % OneIn == 0 ? s_long : now };
                recording.Commit(new Vault.Format.ManifestCommit(Guid.CreateVersion7(), 1, new byte[32]), 1_000, now);
                db.Recordings.Add(recording);
            }

            await db.SaveChangesAsync();
        }

        await using var last = system.Enter(tenant);
        var rules = last.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var tenantKey = await last.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(CancellationToken.None);
        var schedule = Guid.CreateVersion7();
        rules.RetentionSchedules.Add(new RetentionSchedule
        {
            TenantId = tenant,
            Id = schedule,
            Name = SealedText.Seal(tenantKey, tenant, schedule, RetentionSchedule.NameColumn, "A year"),
            Scope = RetentionScope.Tenant,
            Trigger = RetentionTrigger.Recorded,
            DisposeAfter = "P1Y",
            Action = DisposalAction.Destroy,
            GraceInDays = 30,
            CreatedAt = TimeProvider.System.Now(),
            CreatedBy = Guid.Empty,
        });
        await rules.SaveChangesAsync();
    }

    /// <summary>Takes all out of the trash, as if people had been told more than a week ago; their cards are written.</summary>
    private static async Task DueAgainAsync(SystemScope system, Guid tenant)
    {
        await using var scope = system.Enter(tenant);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var (now, warned) = (TimeProvider.System.Now(), TimeProvider.System.Now().AddDays(-10));
        await db.Recordings.Where(row => row.TrashedAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.TrashedAt, (DateTimeOffset?)null).SetProperty(row => row.TrashedUntil, (DateTimeOffset?)null));
        await db.RecordingDisposals.Where(row => row.DisposeAt <= now).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.WarnedAt, warned).SetProperty(row => row.RecordingVersion, row => db.Recordings.Where(recording => recording.Id == row.RecordingId).Select(recording => (int?)recording.Version).First()));
    }

    /// <returns>Seconds in which the database alone changes the same rows, a transaction for each recording.</returns>
    private static async Task<double> BareAsync(SystemScope system, Guid tenant)
    {
        await using var scope = system.Enter(tenant);
        var (db, now) = (scope.ServiceProvider.GetRequiredService<VaultDbContext>(), TimeProvider.System.Now());
        var due = await db.RecordingDisposals.Where(row => row.DisposeAt <= now).Select(row => row.RecordingId).ToListAsync();
        var began = Stopwatch.GetTimestamp();
        foreach (var id in due)
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Recordings.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.TrashedAt, now).SetProperty(row => row.TrashedUntil, now).SetProperty(row => row.Version, row => row.Version + 1));
            await db.RecordingDisposals.Where(row => row.RecordingId == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, (DateTimeOffset?)null));
            await transaction.CommitAsync();
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<int> TrashedAsync(SystemScope system, Guid tenant)
    {
        await using var scope = system.Enter(tenant);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.CountAsync(row => row.TrashedAt != null);
    }
}
