using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>A second person's yes or no, or the word of whoever asked that he does not want it any more. Approving puts the change into force in the same transaction, and looks at everything anew.</summary>
internal sealed class ChangeDeciding(VaultDbContext db, ChangeEnding ending, ScheduleLetters letters, TenantKeys keys, AuditLog audit, ScheduleBook book, TimeProvider time)
{
    public const string Approved = "retention.change-approved";
    public const string Declined = "retention.change-declined";
    public const string TakenBack = "retention.change-taken-back";

    /// <returns>Why nothing was decided; null where it is.</returns>
    public async Task<Problem?> DecideAsync(Guid id, string? decision, string? word, HttpContext http, CancellationToken cancellationToken)
    {
        var approves = decision == "approve";
        return await EndAsync(
            id, approves ? ScheduleChangeState.InForce : ScheduleChangeState.Declined, approves ? Approved : Declined, word,
            change => decision is not ("approve" or "decline") ? ScheduleProblems.NoDecision
                : http.User.SessionId() is null ? Problem.PersonNeeded
                : change.AskedBy == http.User.MemberId() ? ScheduleProblems.Own
                : !ScheduleAsking.IsReason(word) ? ScheduleProblems.NoWord
                // What is declined is kept for longer, and needs no more than who is signed in.
                : approves ? FreshSignIn.Check(http, time.GetUtcNow()) : null,
            http, cancellationToken);
    }

    public Task<Problem?> TakeBackAsync(Guid id, HttpContext http, CancellationToken cancellationToken) => EndAsync(
        id, ScheduleChangeState.TakenBack, TakenBack, word: null, change => change.AskedBy == http.User.MemberId() ? null : ScheduleProblems.NotOwn, http, cancellationToken);

    private async Task<Problem?> EndAsync(Guid id, ScheduleChangeState state, string type, string? word, Func<ScheduleChange, Problem?> look, HttpContext http, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.ScheduleChanges.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } change)
            return Problem.NotFound;
        var schedule = await db.RetentionSchedules.SingleOrDefaultAsync(row => row.Id == change.ScheduleId, cancellationToken);
        var entry = schedule is null ? new AuditEntry(type, http.Actor(), AuditTargetKind.Tenant, db.TenantId) : book.Entry(type, http.Actor(), schedule.Rule);
        entry = entry with { Fields = [.. entry.Fields, .. ScheduleAsking.Fields(change)] };
        if ((await OverAsync(change, cancellationToken) ?? look(change) ?? await book.StandingAsync(http, cancellationToken)) is { } refusal)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (refusal == ScheduleProblems.Own || refusal == ScheduleProblems.NotOwn || refusal == Problem.PersonNeeded)
                await book.RefuseAsync(entry, refusal, cancellationToken);
            return refusal;
        }

        using var key = await keys.DataKeyAsync(cancellationToken);
        (change.State, change.DecidedBy, change.EndedAt) = (state, http.User.MemberId(), time.Now());
        change.Word = word is null ? null : SealedText.Seal(key, change.TenantId, change.Id, ScheduleChange.WordColumn, word.Trim());
        await audit.AppendAsync(word is null ? entry : entry with { Fields = [.. entry.Fields, ("why", word.Trim())] }, cancellationToken);
        if (state is ScheduleChangeState.InForce)
            await ending.PutAsync(schedule!, change, http.Actor(), cancellationToken);
        else
            await ending.LeaveAsync(schedule!, http.Actor(), cancellationToken);
        if (state is not ScheduleChangeState.TakenBack)
            await letters.TellAsync(change, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        book.Follow();
        return null;
    }

    private async Task<Problem?> OverAsync(ScheduleChange change, CancellationToken cancellationToken) => change.State switch
    {
        ScheduleChangeState.InForce => ScheduleProblems.Over("in-force"),
        ScheduleChangeState.Declined => ScheduleProblems.Over("declined"),
        ScheduleChangeState.TakenBack => ScheduleProblems.Over("taken-back"),
        _ => await ending.Live().AnyAsync(row => row.Id == change.Id, cancellationToken) ? null : ScheduleProblems.Stale,
    };
}

/// <summary>What comes of a change at its end.</summary>
internal sealed class ChangeEnding(VaultDbContext db, ScheduleLetters letters, AuditLog audit, ScheduleBook book, TimeProvider time)
{
    public const string InForce = "retention.change-in-force";

    /// <summary>Those that can still take effect: of a schedule that nobody changed since, asked by one who could ask today. All of it is read from rows, so it holds however they came to be.</summary>
    public IQueryable<ScheduleChange> Live() => db.ScheduleChanges.Where(change => change.State == ScheduleChangeState.Waiting
        && db.RetentionSchedules.Any(schedule => schedule.Id == change.ScheduleId && schedule.Version == change.ScheduleVersion)
        && db.Memberships.Any(membership => membership.MemberId == change.AskedBy && membership.EndedAt == null && membership.CreatedAt <= change.AskedAt && (membership.Role == Role.Owner || membership.Role == Role.Admin)));

    public async Task PutAsync(RetentionSchedule schedule, ScheduleChange change, Actor actor, CancellationToken cancellationToken)
    {
        var before = ScheduleChanging.Text(schedule.Rule);
        await LowerAsync(schedule, change, cancellationToken);
        if (change.Removes)
        {
            db.RetentionSchedules.Remove(schedule);
        }
        else
        {
            ScheduleChanging.Put(schedule, schedule.Rule with
            {
                KeepAtLeast = change.KeepAtLeast is { } keep ? RetentionPeriod.Parse(keep) : null,
                DisposeAfter = change.DisposeAfter is { } dispose ? RetentionPeriod.Parse(dispose) : null,
                Action = change.Action,
                GraceInDays = change.GraceInDays,
            });
        }

        await book.EnterAsync(change.Removes ? ScheduleBook.Removed : ScheduleBook.Changed, actor, schedule.Rule, cancellationToken, ("before", before), ("change", change.Id.ToString()));
    }

    /// <summary>What it obliged to goes on however a recording is edited, and ends here alone; of what is on hold it does not.</summary>
    private async Task LowerAsync(RetentionSchedule schedule, ScheduleChange change, CancellationToken cancellationToken)
    {
        if (schedule.Rule.KeepAtLeast is not { } kept || (!change.Removes && change.KeepAtLeast is { } keeps && RetentionPeriod.Parse(keeps).IsNeverShorterThan(kept)))
            return;
        await db.RecordingDisposals.Where(row => row.ObligationId == schedule.Id && !db.LegalHolds.Any(hold => hold.RecordingId == row.RecordingId && hold.LiftedAt == null))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ObligedUntil, (DateTimeOffset?)null).SetProperty(row => row.RecordingVersion, (int?)null), cancellationToken);
    }

    /// <summary>A schedule that was made for what does not come says nothing, and goes with it.</summary>
    public async Task LeaveAsync(RetentionSchedule schedule, Actor actor, CancellationToken cancellationToken)
    {
        if (schedule.KeepAtLeast is not null || schedule.DisposeAfter is not null)
            return;
        db.RetentionSchedules.Remove(schedule);
        await book.EnterAsync(ScheduleBook.Removed, actor, schedule.Rule, cancellationToken);
    }

    /// <summary>One tenant's: what is over its seven days takes effect, and what a change went over ends.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        if (!await Due(now).AnyAsync(cancellationToken))
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        foreach (var change in await Due(now).OrderBy(change => change.AskedAt).ThenBy(change => change.Id).ToListAsync(cancellationToken))
        {
            var isLive = await Live().AnyAsync(live => live.Id == change.Id, cancellationToken);
            (change.State, change.EndedAt) = (isLive ? ScheduleChangeState.InForce : ScheduleChangeState.Stale, now);
            var schedule = await db.RetentionSchedules.SingleOrDefaultAsync(row => row.Id == change.ScheduleId, cancellationToken);
            if (isLive)
            {
                var entry = book.Entry(InForce, Actor.System, schedule!.Rule);
                await audit.AppendAsync(entry with { Fields = [.. entry.Fields, .. ScheduleAsking.Fields(change)] }, cancellationToken);
                await PutAsync(schedule, change, Actor.System, cancellationToken);
            }
            else if (schedule is not null)
            {
                await LeaveAsync(schedule, Actor.System, cancellationToken);
            }

            await letters.TellAsync(change, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        book.Follow();
    }

    private IQueryable<ScheduleChange> Due(DateTimeOffset now) =>
        db.ScheduleChanges.Where(change => change.State == ScheduleChangeState.Waiting && (change.InForceAt <= now || !Live().Any(live => live.Id == change.Id)));
}
