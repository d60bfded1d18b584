using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>Changes and removes schedules: at once where nothing can go earlier by it, and else by a change that waits.</summary>
internal sealed class ScheduleChanging(VaultDbContext db, TenantKeys keys, AuditLog audit, ScheduleBook book, ScheduleAsking asking)
{
    /// <returns>What waits now, or why nothing was done; neither where all of it counts already.</returns>
    public async Task<(Guid? Waits, Problem? Problem)> ChangeAsync(Guid id, ChangeScheduleRequest request, HttpContext http, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.RetentionSchedules.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } schedule)
            return (null, Problem.NotFound);
        var before = schedule.Rule;
        if ((ScheduleWish.TryChange(before, request, out var after) ?? await book.StandingAsync(http, cancellationToken)) is { } wrong)
            return (null, wrong);
        var lowers = after != before && Ratchet.Lowers(before, after, await OthersAsync(id, cancellationToken));
        if (lowers && await LoweringAsync(before, request.Reason, http, cancellationToken) is { } refusal)
            return (null, refusal);
        var isRenamed = await RenameAsync(schedule, request.Name, cancellationToken);
        var waits = lowers ? (Guid?)await asking.AskAsync(schedule, after, request.Reason!.Trim(), http, cancellationToken) : null;
        if (!lowers && after != before)
        {
            await asking.EndAsync(id, cancellationToken);
            Put(schedule, after);
        }

        if (isRenamed || (!lowers && after != before))
            await book.EnterAsync(ScheduleBook.Changed, http.Actor(), schedule.Rule, cancellationToken, ("before", Text(before)), ("renamed", isRenamed ? "yes" : "no"));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        book.Follow();
        return (waits, null);
    }

    /// <returns>As of a change.</returns>
    public async Task<(Guid? Waits, Problem? Problem)> RemoveAsync(Guid id, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.RetentionSchedules.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } schedule)
            return (null, Problem.NotFound);
        if (await book.StandingAsync(http, cancellationToken) is { } unfit)
            return (null, unfit);
        var lowers = Ratchet.Lowers(schedule.Rule, after: null, await OthersAsync(id, cancellationToken));
        if (lowers && await LoweringAsync(schedule.Rule, reason, http, cancellationToken) is { } refusal)
            return (null, refusal);
        var waits = lowers ? (Guid?)await asking.AskAsync(schedule, wanted: null, reason!.Trim(), http, cancellationToken) : null;
        if (!lowers)
        {
            await asking.EndAsync(id, cancellationToken);
            db.RetentionSchedules.Remove(schedule);
            await book.EnterAsync(ScheduleBook.Removed, http.Actor(), schedule.Rule, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        book.Follow();
        return (waits, null);
    }

    /// <summary>Those that may be for the same recordings: rules for single ones are more specific than all others, and uncover nothing.</summary>
    public async Task<IReadOnlyList<RetentionRule>> OthersAsync(Guid id, CancellationToken cancellationToken) =>
        [.. (await db.RetentionSchedules.AsNoTracking().Where(row => row.Id != id && row.Scope != RetentionScope.Recording).ToListAsync(cancellationToken)).Select(row => row.Rule)];

    /// <summary>The schedule is as the rule says from here on.</summary>
    public static void Put(RetentionSchedule schedule, RetentionRule rule)
    {
        (schedule.KeepAtLeast, schedule.DisposeAfter, schedule.Action, schedule.GraceInDays) = (rule.KeepAtLeast?.ToString(), rule.DisposeAfter?.ToString(), rule.Action, rule.GraceInDays);
        schedule.Version++;
    }

    public static string Text(RetentionRule rule) => $"{rule.KeepAtLeast?.ToString() ?? "-"} {rule.DisposeAfter?.ToString() ?? "-"} {rule.Action.Name()} {rule.GraceInDays}";

    private async Task<Problem?> LoweringAsync(RetentionRule rule, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        var refusal = book.InPerson(http) ?? (ScheduleAsking.IsReason(reason) ? null : ScheduleProblems.NoReason);
        if (refusal != Problem.PersonNeeded)
            return refusal;
        await db.Database.RollbackTransactionAsync(cancellationToken);
        await book.RefuseAsync(book.Entry(ScheduleAsking.Asked, http.Actor(), rule), refusal, cancellationToken);
        return refusal;
    }

    private async Task<bool> RenameAsync(RetentionSchedule schedule, string? name, CancellationToken cancellationToken)
    {
        if (name is null)
            return false;
        using var key = await keys.DataKeyAsync(cancellationToken);
        if (schedule.Name.Open(key, db.TenantId, schedule.Id, RetentionSchedule.NameColumn) == name.Trim())
            return false;
        schedule.Name = SealedText.Seal(key, db.TenantId, schedule.Id, RetentionSchedule.NameColumn, name.Trim());
        return true;
    }
}
