using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Retention.Due.Run;

/// <summary>
/// The last step of a night: what is due goes to the trash, or waits for a decision. Each recording in one transaction behind the tenant's turn, in which its date is reckoned anew and holds are looked
/// for: the row only says where to look. Into the trash it goes as by hand, with the same event, so that whoever reads the log for that finds it; the second event says by which schedule.
/// </summary>
internal sealed class DueDisposing(VaultDbContext db, DateReckoning reckoning, IRecordingKeeping keeping, AuditLog audit, TimeProvider time)
{
    public const string Disposed = "retention.disposed";
    public const string ReviewDue = "retention.review-due";

    private const int PageLength = 500;

    /// <summary>A page of what is due by the rows, the longest due first.</summary>
    public async Task<IReadOnlyList<DuePlace>> PageAsync(DuePlace? after, CancellationToken cancellationToken)
    {
        var due = DueRows.Due(db, time.Now());
        if (after is not null)
            due = due.Where(row => row.DisposeAt > after.DisposeAt || (row.DisposeAt == after.DisposeAt && row.RecordingId.CompareTo(after.RecordingId) > 0));
        return await due.OrderBy(row => row.DisposeAt).ThenBy(row => row.RecordingId).Take(PageLength).Select(row => new DuePlace(row.DisposeAt!.Value, row.RecordingId)).ToListAsync(cancellationToken);
    }

    public async Task<DueOutcome> DisposeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Who sets a hold, keeps it longer or changes a rule takes this turn too: it stands before this looks, or comes after it.
        await audit.TakeTurnAsync(cancellationToken);
        var now = time.Now();
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { TrashedAt: null, IsBeingDestroyed: false } recording
            || await db.RecordingDisposals.SingleOrDefaultAsync(row => row.RecordingId == id, cancellationToken) is not { ReviewSince: null, WarnedAt: { } warnedAt } row
            || warnedAt > now - DueRows.Notice)
            return DueOutcome.Left;
        var outcome = await DecideAsync(recording, row, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    private async Task<DueOutcome> DecideAsync(Recording recording, RecordingDisposal row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // People were told of what the row says. Where the truth is sooner, later or another thing, the next night reckons it and tells them.
        if (await reckoning.NowAsync(recording.Id, cancellationToken) is not { At: { } at } date || at > now || at < row.DisposeAt || date.Action != row.Action)
        {
            row.RecordingVersion = null;
            return DueOutcome.Left;
        }

        if (await keeping.HoldAsync(recording.Id, cancellationToken) is not null)
        {
            row.WarnedAt = null;
            return DueOutcome.Left;
        }

        if (date.Action is DisposalAction.Review)
        {
            row.ReviewSince = now;
            await audit.AppendAsync(Entry(ReviewDue, date, at, recording.Id), cancellationToken);
            return DueOutcome.ForReview;
        }

        recording.Trash(now, now.AddDays(date.GraceInDays));
        recording.Touch();
        // Whoever takes it out again has a week before it goes anew.
        row.WarnedAt = null;
        await audit.AppendAsync(new AuditEntry(RecordingTrash.Trashed, Actor.System, AuditTargetKind.Recording, recording.Id) { ChangesPermission = true }, cancellationToken);
        await audit.AppendAsync(Entry(Disposed, date, at, recording.Id), cancellationToken);
        return DueOutcome.Trashed;
    }

    private static AuditEntry Entry(string type, DisposalDate date, DateTimeOffset at, Guid id) => new(type, Actor.System, AuditTargetKind.Recording, id)
    {
        Fields = [("schedule", date.WishId?.ToString()), ("day", at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("grace", date.GraceInDays.ToString(CultureInfo.InvariantCulture))],
    };
}
