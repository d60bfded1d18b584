using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <summary>
/// Lifts holds: one by somebody's word, or all of a matter that he closes. From then on what they held may go as its rules say, so he does it in person, freshly signed in, and says why. A matter's
/// holds are lifted in small steps behind its closing; until a hold is lifted it holds.
/// </summary>
internal sealed class HoldLifting(VaultDbContext db, TenantKeys keys, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const string Lifted = "hold.lifted";
    public const string Closed = "matter.closed";
    public const int Step = 100;

    private static readonly TimeSpan s_notice = TimeSpan.FromDays(7);

    /// <summary>Null when it does not hold any more, also where it was lifted before.</summary>
    public async Task<Problem?> LiftAsync(Guid recordingId, Guid holdId, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (!await db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken))
            return Problem.NotFound;
        if (await RefusalAsync(reason, http, cancellationToken) is { } refusal)
            return refusal;
        if (await db.LegalHolds.SingleOrDefaultAsync(hold => hold.Id == holdId && hold.RecordingId == recordingId, cancellationToken) is not { } hold)
            return Problem.NotFound;
        if (hold.LiftedAt is not null)
            return null;
        await LiftAsync([hold], http.User.MemberId(), http.Actor(), reason!.Trim(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(db.TenantId, recordingId);
        return null;
    }

    /// <summary>From the answer on nothing new is held for it, and a job lifts what is.</summary>
    /// <returns>How many holds are to be lifted, or why it is not closed.</returns>
    public async Task<(int? Holds, Problem? Problem)> CloseAsync(Guid matterId, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Matters.SingleOrDefaultAsync(matter => matter.Id == matterId, cancellationToken) is not { } matter)
            return (null, Problem.NotFound);
        if (await RefusalAsync(reason, http, cancellationToken) is { } refusal)
            return (null, refusal);
        var standing = await Standing(matterId).CountAsync(cancellationToken);
        if (matter.ClosedAt is null)
        {
            (matter.ClosedAt, matter.ClosedBy) = (time.Now(), http.User.MemberId());
            matter.Version++;
            using var key = await keys.DataKeyAsync(cancellationToken);
            await audit.AppendAsync(
                new AuditEntry(Closed, http.Actor(), AuditTargetKind.Tenant, db.TenantId) { Fields = [("matter", $"{matterId}"), ("name", matter.Name.Open(key, matter.TenantId, matterId, Matter.NameColumn)), ("holds", $"{standing}"), ("why", reason!.Trim())] }, cancellationToken);
            // A period may be counted from this day, also for what was let go before.
            await db.RecordingDisposals.Where(row => row.RecordingVersion != null && db.LegalHolds.Any(hold => hold.MatterId == matterId && hold.RecordingId == row.RecordingId))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RecordingVersion, (int?)null), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        jobs.Nudge<LiftHoldsJob>(db.TenantId, matterId);
        return (standing, null);
    }

    /// <summary>Lifts what a closed matter still holds. Killed anywhere, the next run goes on.</summary>
    public async Task LiftAllAsync(Guid matterId, CancellationToken cancellationToken)
    {
        while (await LiftSomeAsync(matterId, cancellationToken))
            db.ChangeTracker.Clear();
    }

    /// <summary>Closed matters that still hold something.</summary>
    public Task<List<Guid>> UnfinishedAsync(CancellationToken cancellationToken) =>
        db.Matters.Where(matter => matter.ClosedAt != null && db.LegalHolds.Any(hold => hold.MatterId == matter.Id && hold.LiftedAt == null)).OrderBy(matter => matter.Id).Select(matter => matter.Id).ToListAsync(cancellationToken);

    private async Task<bool> LiftSomeAsync(Guid matterId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Matters.AsNoTracking().SingleOrDefaultAsync(matter => matter.Id == matterId, cancellationToken) is not { ClosedAt: not null, ClosedBy: { } closer })
            return false;
        var holds = await Standing(matterId).OrderBy(hold => hold.Id).Take(Step).ToListAsync(cancellationToken);
        if (holds.Count == 0)
            return false;
        await LiftAsync(holds, closer, Actor.System, "matter-closed", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var hold in holds)
            jobs.Nudge<WriteCardJob>(db.TenantId, hold.RecordingId);
        return true;
    }

    private IQueryable<LegalHold> Standing(Guid matterId) => db.LegalHolds.Where(hold => hold.MatterId == matterId && hold.LiftedAt == null);

    private async Task<Problem?> RefusalAsync(string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        if (HoldProblems.LiftingRefusal(http, reason, time.GetUtcNow()) is { } refusal)
            return refusal;
        // His role, his session and his membership may have ended since the request came in.
        return await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is { Role: Role.Owner or Role.Admin } ? null : Problem.Forbidden;
    }

    private async Task LiftAsync(IReadOnlyList<LegalHold> holds, Guid by, Actor actor, string why, CancellationToken cancellationToken)
    {
        var ids = holds.Select(hold => hold.Id).ToList();
        await db.HoldPins.Where(pin => ids.Contains(pin.HoldId)).ExecuteDeleteAsync(cancellationToken);
        foreach (var hold in holds)
        {
            (hold.LiftedAt, hold.LiftedBy) = (time.Now(), by);
            await audit.AppendAsync(new AuditEntry(Lifted, actor, AuditTargetKind.Recording, hold.RecordingId) { Fields = [("hold", $"{hold.Id}"), ("matter", $"{hold.MatterId}"), ("why", why)] }, cancellationToken);
        }

        await db.TouchAsync([.. holds.Select(hold => hold.RecordingId)], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var recordings = holds.Select(hold => hold.RecordingId).Distinct().ToList();
        // What people heard before it was held is no notice.
        await db.RecordingDisposals.Where(row => recordings.Contains(row.RecordingId) && row.WarnedAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, (DateTimeOffset?)null), cancellationToken);
        await DelayAsync(recordings, cancellationToken);
    }

    /// <summary>What lay in the trash beyond its time, for nothing but a hold, is not destroyed within the hour: whoever lifted the wrong one has a week.</summary>
    private async Task DelayAsync(IReadOnlyList<Guid> recordings, CancellationToken cancellationToken)
    {
        var (now, until) = (time.Now(), time.Now() + s_notice);
        foreach (var recording in await db.Recordings.Where(recording => recordings.Contains(recording.Id) && recording.TrashedAt != null && !recording.IsBeingDestroyed
            && !db.LegalHolds.Any(hold => hold.RecordingId == recording.Id && hold.LiftedAt == null)).ToListAsync(cancellationToken))
        {
            if (recording.GoesAt < until)
                recording.Trash(recording.TrashedAt ?? now, until);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}

/// <summary>Goes with the recording: only what was lifted can, for a hold that stands keeps the recording.</summary>
internal sealed class HoldRows(VaultDbContext db) : IRecordingRows
{
    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.LegalHolds.Where(hold => hold.RecordingId == recordingId && hold.LiftedAt != null).ExecuteDeleteAsync(cancellationToken);
}
