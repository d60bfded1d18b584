using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Dates;

namespace RecordingVault.Server.Features.Retention.Due;

/// <summary>Which dates are meant by what the run, the page and the health page say, in one place. All go by the index on the day, so that a look costs what it finds and not what there is.</summary>
internal static class DueRows
{
    /// <summary>For so long people know of it before anything goes.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(7);

    /// <summary>What is due for longer than this, the nightly run has left lying.</summary>
    private static readonly TimeSpan s_overdueAfter = TimeSpan.FromDays(1);

    /// <summary>Of recordings that lie outside the trash.</summary>
    public static IQueryable<RecordingDisposal> Kept(VaultDbContext db) =>
        db.RecordingDisposals.Where(row => db.Recordings.Any(recording => recording.Id == row.RecordingId && recording.TrashedAt == null && !recording.IsBeingDestroyed));

    /// <summary>And that nothing holds.</summary>
    public static IQueryable<RecordingDisposal> Free(VaultDbContext db) => Kept(db).Where(row => !db.LegalHolds.Any(hold => hold.RecordingId == row.RecordingId && hold.LiftedAt == null));

    /// <summary>Of which people are to be told now.</summary>
    public static IQueryable<RecordingDisposal> Unwarned(VaultDbContext db, DateTimeOffset now)
    {
        var soon = now + Notice;
        return Free(db).Where(row => row.DisposeAt <= soon && row.WarnedAt == null && row.ReviewSince == null);
    }

    /// <summary>Whose day has come, and of which people have known for a week.</summary>
    public static IQueryable<RecordingDisposal> Due(VaultDbContext db, DateTimeOffset now)
    {
        var warnedBy = now - Notice;
        return Free(db).Where(row => row.DisposeAt <= now && row.WarnedAt <= warnedBy && row.ReviewSince == null);
    }

    /// <summary>What was due at the run before this one and still lies there.</summary>
    public static IQueryable<RecordingDisposal> Overdue(VaultDbContext db, DateTimeOffset now) => Due(db, now - s_overdueAfter);

    /// <summary>Whose day has come, and which a hold keeps.</summary>
    public static IQueryable<RecordingDisposal> HeldBack(VaultDbContext db, DateTimeOffset now) =>
        Kept(db).Where(row => row.DisposeAt <= now && db.LegalHolds.Any(hold => hold.RecordingId == row.RecordingId && hold.LiftedAt == null));

    /// <summary>What waits for somebody's decision.</summary>
    public static IQueryable<RecordingDisposal> Waiting(VaultDbContext db) => Kept(db).Where(row => row.ReviewSince != null);
}
