using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>Lets a change wait for a second person or for seven days. Behind the tenant's turn, in the running transaction: the caller saves and commits.</summary>
internal sealed class ScheduleAsking(VaultDbContext db, ScheduleLetters letters, TenantKeys keys, AuditLog audit, ScheduleBook book, TimeProvider time)
{
    public const string Asked = "retention.change-asked";

    public static bool IsReason(string? reason) => !string.IsNullOrWhiteSpace(reason) && reason.Trim().Length <= UsageProblems.LongestReason;

    /// <param name="wanted">Null where the schedule is to go.</param>
    /// <returns>The change that waits now: the same one where somebody asked the same before.</returns>
    public async Task<Guid> AskAsync(RetentionSchedule schedule, RetentionRule? wanted, string reason, HttpContext http, CancellationToken cancellationToken)
    {
        var waiting = await db.ScheduleChanges.Where(change => change.ScheduleId == schedule.Id && change.State == ScheduleChangeState.Waiting).ToListAsync(cancellationToken);
        if (waiting.Find(change => change.ScheduleVersion == schedule.Version && IsSame(change, wanted)) is { } same)
            return same.Id;
        await EndAsync(schedule.Id, cancellationToken);
        var (id, now) = (Guid.CreateVersion7(), time.Now());
        using var key = await keys.DataKeyAsync(cancellationToken);
        var change = new ScheduleChange
        {
            TenantId = db.TenantId,
            Id = id,
            ScheduleId = schedule.Id,
            ScheduleVersion = schedule.Version,
            Removes = wanted is null,
            KeepAtLeast = wanted?.KeepAtLeast?.ToString(),
            DisposeAfter = wanted?.DisposeAfter?.ToString(),
            Action = wanted?.Action ?? DisposalAction.Review,
            GraceInDays = wanted?.GraceInDays ?? 0,
            AskedBy = http.User.MemberId(),
            AskedAt = now,
            InForceAt = now + ScheduleChange.Delay,
            Reason = SealedText.Seal(key, db.TenantId, id, ScheduleChange.ReasonColumn, reason),
            State = ScheduleChangeState.Waiting,
        };
        db.ScheduleChanges.Add(change);
        var entry = book.Entry(Asked, http.Actor(), schedule.Rule);
        await audit.AppendAsync(entry with { Fields = [.. entry.Fields, .. Fields(change), ("why", reason)] }, cancellationToken);
        await letters.AskAsync(change, cancellationToken);
        return id;
    }

    /// <summary>The schedule is another one now, so what waits for it is over.</summary>
    public async Task EndAsync(Guid scheduleId, CancellationToken cancellationToken)
    {
        foreach (var other in await db.ScheduleChanges.Where(change => change.ScheduleId == scheduleId && change.State == ScheduleChangeState.Waiting).ToListAsync(cancellationToken))
        {
            (other.State, other.EndedAt) = (ScheduleChangeState.Stale, time.Now());
            await letters.TellAsync(other, cancellationToken);
        }
    }

    /// <summary>What each event of a change says beside the rule that it is about.</summary>
    public static IReadOnlyList<(string Name, string? Value)> Fields(ScheduleChange change) => change.Removes
        ? [("change", change.Id.ToString()), ("wanted", "removed")]
        : [("change", change.Id.ToString()), ("wanted", $"{change.KeepAtLeast ?? "-"} {change.DisposeAfter ?? "-"} {change.Action.Name()} {change.GraceInDays}")];

    private static bool IsSame(ScheduleChange change, RetentionRule? wanted) => wanted is null
        ? change.Removes
        : !change.Removes && change.KeepAtLeast == wanted.KeepAtLeast?.ToString() && change.DisposeAfter == wanted.DisposeAfter?.ToString() && change.Action == wanted.Action && change.GraceInDays == wanted.GraceInDays;
}
