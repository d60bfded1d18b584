using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Retention.Due.Run;

/// <summary>Writes a night's row before the work and closes it after it, and says aloud when nights were missed or something stays behind.</summary>
internal sealed partial class RunBook(VaultDbContext db, AuditLog audit, TimeProvider time, ILogger<RunBook> log)
{
    /// <summary>In UTC.</summary>
    public const int HourOfTheRun = 2;

    /// <summary>A run later than this after the one before it is a fault.</summary>
    public static readonly TimeSpan LatestAfter = TimeSpan.FromHours(26);

    /// <summary>When the last run was to begin.</summary>
    public static DateTimeOffset Night(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(HourOfTheRun);
        return today <= now ? today : today.AddDays(-1);
    }

    /// <returns>The row of the run that begins; null where this night's run is done.</returns>
    public async Task<Guid?> BeginAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var now = time.Now();
        var night = Night(now);
        if (await db.RetentionRuns.AnyAsync(run => run.StartedAt >= night && run.EndedAt != null, cancellationToken))
            return null;
        var before = await db.RetentionRuns.AsNoTracking().Where(run => run.EndedAt != null).OrderByDescending(run => run.StartedAt).FirstOrDefaultAsync(cancellationToken);
        if (before is not null && now - before.StartedAt > LatestAfter)
            Late(log, db.TenantId, (int)(now - before.StartedAt).TotalHours);
        var run = new RetentionRun { TenantId = db.TenantId, Id = Guid.CreateVersion7(), StartedAt = now };
        db.RetentionRuns.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return run.Id;
    }

    /// <param name="counts">Null where there was nothing to do.</param>
    /// <returns>Whether nothing stayed behind.</returns>
    public async Task<bool> CloseAsync(Guid id, RunCounts? counts, CancellationToken cancellationToken)
    {
        var now = time.Now();
        if (counts is null)
        {
            await db.RetentionRuns.Where(run => run.Id == id).ExecuteUpdateAsync(set => set.SetProperty(run => run.EndedAt, now), cancellationToken);
            return true;
        }

        var heldBack = await DueRows.HeldBack(db, now).CountAsync(cancellationToken);
        await db.RetentionRuns.Where(run => run.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(run => run.EndedAt, now).SetProperty(run => run.Reckoned, counts.Reckoned).SetProperty(run => run.Warned, counts.Warned).SetProperty(run => run.Trashed, counts.Trashed)
                .SetProperty(run => run.ForReview, counts.ForReview).SetProperty(run => run.HeldBack, heldBack).SetProperty(run => run.Failed, counts.Failed),
            cancellationToken);
        var overdue = await DueRows.Overdue(db, now).CountAsync(cancellationToken);
        if (overdue > 0)
            Behind(log, db.TenantId, overdue);
        return overdue == 0;
    }

    [LoggerMessage(EventId = 910, Level = LogLevel.Error, Message = "The retention run of tenant {Tenant} begins {Hours} hours after the one before it: nights were missed")]
    private static partial void Late(ILogger log, Guid tenant, int hours);

    [LoggerMessage(EventId = 911, Level = LogLevel.Error, Message = "The retention run of tenant {Tenant} left {Count} recordings that were due more than a day ago")]
    private static partial void Behind(ILogger log, Guid tenant, int count);
}
