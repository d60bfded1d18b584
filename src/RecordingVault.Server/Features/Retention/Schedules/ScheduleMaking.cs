using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>
/// Makes schedules. One that only obliges counts at once. One with a wish too, in person and with a fresh sign-in, since nothing goes without a week's notice; unless it would let something go earlier
/// than another schedule says: that is a lowering in disguise, so its obligation counts at once and its wish waits as a change.
/// </summary>
internal sealed class ScheduleMaking(VaultDbContext db, TenantKeys keys, AuditLog audit, DryRun dryRun, ScheduleBook book, ScheduleAsking asking, TimeProvider time)
{
    public async Task<(Guid? Id, Problem? Problem)> MakeAsync(ScheduleRequest request, HttpContext http, CancellationToken cancellationToken)
    {
        if ((ScheduleWish.TryRead(request, Guid.CreateVersion7(), out var read) ?? await ScheduleWish.CheckTargetAsync(db, read!.Rule, cancellationToken)) is { } wrong)
            return (null, wrong);
        var (name, rule) = read!;
        var generation = await book.GenerationAsync(cancellationToken);
        var waits = false;
        if (rule.DisposeAfter is not null)
        {
            if (book.InPerson(http) is { } refusal)
            {
                if (refusal == Problem.PersonNeeded)
                    await book.RefuseAsync(book.Entry(ScheduleBook.Made, http.Actor(), rule), refusal, cancellationToken);
                return (null, refusal);
            }

            waits = (await dryRun.RunAsync(rule, rule, cancellationToken)).Sooner > 0;
            if (waits && !ScheduleAsking.IsReason(request.Reason))
                return (null, ScheduleProblems.NoReason);
        }

        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if ((await book.StandingAsync(http, cancellationToken) ?? await RoomAsync(rule, cancellationToken) ?? await ScheduleWish.CheckTargetAsync(db, rule, cancellationToken)) is { } unfit)
            return (null, unfit);
        // What the dry run found was found by other rules.
        if (rule.DisposeAfter is not null && await book.GenerationAsync(cancellationToken) != generation)
            return (null, Problem.ChangedMeanwhile);
        var inForce = waits ? rule with { DisposeAfter = null } : rule;
        var schedule = await AddAsync(name, inForce, http.User.MemberId(), cancellationToken);
        await book.EnterAsync(ScheduleBook.Made, http.Actor(), inForce, cancellationToken);
        if (waits)
            await asking.AskAsync(schedule, rule, request.Reason!.Trim(), http, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        book.Follow();
        return (schedule.Id, null);
    }

    /// <summary>
    /// What its uploader wants of a recording that is made in the running transaction, behind the tenant's turn; the caller saves and commits. No other schedule gave it a date before, and its own is the most
    /// specific, so nothing is lowered; what obliges to keep it counts all the same.
    /// </summary>
    public async Task AddOwnAsync(Guid recordingId, RetentionPeriod disposeAfter, Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        var rule = new RetentionRule(
            Guid.CreateVersion7(), RetentionScope.Recording, recordingId.ToString(), RetentionTrigger.Recorded, KeepAtLeast: null, disposeAfter, DisposalAction.Destroy, ScheduleWish.UsualGrace);
        await AddAsync("As its uploader said", rule, memberId, cancellationToken);
        await book.EnterAsync(ScheduleBook.Made, actor, rule, cancellationToken, ("by", "upload"));
    }

    private async Task<RetentionSchedule> AddAsync(string name, RetentionRule rule, Guid memberId, CancellationToken cancellationToken)
    {
        using var key = await keys.DataKeyAsync(cancellationToken);
        var schedule = new RetentionSchedule
        {
            TenantId = db.TenantId,
            Id = rule.Id,
            Name = SealedText.Seal(key, db.TenantId, rule.Id, RetentionSchedule.NameColumn, name),
            Scope = rule.Scope,
            Target = rule.Target,
            Trigger = rule.Trigger,
            KeepAtLeast = rule.KeepAtLeast?.ToString(),
            DisposeAfter = rule.DisposeAfter?.ToString(),
            Action = rule.Action,
            GraceInDays = rule.GraceInDays,
            CreatedAt = time.Now(),
            CreatedBy = memberId,
        };
        db.RetentionSchedules.Add(schedule);
        return schedule;
    }

    private async Task<Problem?> RoomAsync(RetentionRule rule, CancellationToken cancellationToken)
    {
        if (rule.Scope is RetentionScope.Recording)
            return await db.RetentionSchedules.AnyAsync(other => other.Scope == RetentionScope.Recording && other.Target == rule.Target, cancellationToken) ? ScheduleProblems.HasOwn : null;
        return await db.RetentionSchedules.CountAsync(other => other.Scope != RetentionScope.Recording, cancellationToken) >= ScheduleProblems.MostSchedules ? ScheduleProblems.TooMany : null;
    }
}
