using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>What every change of a schedule does beside it: its event, and that dates which came from it are old. The caller has taken the tenant's turn, saves and commits.</summary>
internal sealed class ScheduleBook(VaultDbContext db, AuditLog audit, IRecordingKeeping keeping, JobQueue jobs, TimeProvider time)
{
    public const string Made = "retention.schedule-made";
    public const string Changed = "retention.schedule-changed";
    public const string Removed = "retention.schedule-removed";

    /// <param name="more">What the event says beside the rule.</param>
    public async Task EnterAsync(string type, Actor actor, RetentionRule rule, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string? Value)> more)
    {
        await audit.AppendAsync(Entry(type, actor, rule) with { Fields = [.. Fields(rule), .. more] }, cancellationToken);
        // A rule for one recording makes one date old, and not a million.
        if (rule.Scope is RetentionScope.Recording)
            await keeping.ForgetDateAsync(Guid.Parse(rule.Target!), cancellationToken);
        else
            await db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.RetentionGeneration, tenant => tenant.RetentionGeneration + 1), cancellationToken);
    }

    /// <summary>After the commit.</summary>
    public void Follow() => jobs.Nudge<ReckonDatesJob>(db.TenantId, db.TenantId);

    public Task<int> GenerationAsync(CancellationToken cancellationToken) => db.Tenants.Select(tenant => tenant.RetentionGeneration).SingleAsync(cancellationToken);

    /// <summary>His role, his session and his membership may have ended since the request came in.</summary>
    public async Task<Problem?> StandingAsync(HttpContext http, CancellationToken cancellationToken) =>
        await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is { Role: Role.Owner or Role.Admin } ? null : Problem.Forbidden;

    /// <summary>Null where he who asks may let something go earlier: in person, with a fresh sign-in.</summary>
    public Problem? InPerson(HttpContext http) => http.User.SessionId() is null ? Problem.PersonNeeded : FreshSignIn.Check(http, time.GetUtcNow());

    /// <summary>Writes down that a token, or who is not to decide, was refused.</summary>
    public Task RefuseAsync(AuditEntry entry, Problem refusal, CancellationToken cancellationToken) =>
        audit.WriteAsync(entry with { Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);

    public AuditEntry Entry(string type, Actor actor, RetentionRule rule) => rule.Scope is RetentionScope.Recording
        ? new AuditEntry(type, actor, AuditTargetKind.Recording, Guid.Parse(rule.Target!)) { Fields = Fields(rule) }
        : new AuditEntry(type, actor, AuditTargetKind.Tenant, db.TenantId) { Fields = Fields(rule) };

    /// <summary>The rule, without its name, which people chose.</summary>
    private static IReadOnlyList<(string Name, string? Value)> Fields(RetentionRule rule) =>
    [
        ("schedule", rule.Id.ToString()), ("scope", rule.Scope.Name()), ("target", rule.Target ?? "-"), ("trigger", rule.Trigger.Name()), ("keep-at-least", rule.KeepAtLeast?.ToString() ?? "-"),
        ("dispose-after", rule.DisposeAfter?.ToString() ?? "-"), ("action", rule.Action.Name()), ("grace", rule.GraceInDays.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];
}
