using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recordings.Usage;

/// <summary>
/// Changes the usage tag of one recording, in a transaction of its own with its event. Tightening is any contributor's, and holds at the next byte. Loosening lets machines do more: that is
/// an Owner's or an Admin's decision, in person, with a fresh sign-in, a reason that the log keeps, and the consent that the organisation's policy asks.
/// </summary>
internal sealed class RecordingTagging(VaultDbContext db, UsageReading usage, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const string Tightened = "recording.tag-tightened";
    public const string Loosened = "recording.tag-loosened";

    /// <returns>The recording as it stands now, or why its tag was not changed.</returns>
    public async Task<(Recording? Recording, Problem? Problem)> ApplyAsync(Guid id, UsageTag tag, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Whoever changes a role, ends a session or changes the policy takes the turn too: this comes before it, or sees what came of it.
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return (null, Problem.NotFound);
        if (recording.UsageTag == tag)
            return (recording, null);
        var entry = Entry(recording, tag, http.Actor());
        if (entry.Type == Loosened)
        {
            if ((UsageProblems.Refusal(http, reason, time.GetUtcNow()) ?? await RefusalByRowsAsync(http, cancellationToken) ?? await ConsentAsync(recording.UsageTag, tag, cancellationToken)) is { } refusal)
            {
                await transaction.RollbackAsync(cancellationToken);
                if (refusal.Status is StatusCodes.Status403Forbidden or StatusCodes.Status409Conflict && refusal != Problem.FreshSignIn && refusal != Problem.SecondFactorFirst)
                    await audit.WriteAsync(entry with { ChangesPermission = false, Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
                return (null, refusal);
            }

            entry = entry with { Fields = [.. entry.Fields, ("why", reason!.Trim())] };
        }

        recording.UsageTag = tag;
        recording.Touch();
        await audit.AppendAsync(entry, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return (null, Problem.ChangedMeanwhile);
        }

        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
        return (recording, null);
    }

    /// <summary>The event of this change: tags are compared use by use and never by their names.</summary>
    public static AuditEntry Entry(Recording recording, UsageTag tag, Actor actor) =>
        new(tag.Rights.IsAsStrictAs(recording.UsageTag.Rights) ? Tightened : Loosened, actor, AuditTargetKind.Recording, recording.Id)
        {
            ChangesPermission = true,
            Fields = [("tag", tag.Name), ("before", recording.UsageTag.Name)],
        };

    private async Task<Problem?> RefusalByRowsAsync(HttpContext http, CancellationToken cancellationToken) =>
        await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is { Role: Role.Owner or Role.Admin } ? null : UsageProblems.NotLoosened;

    /// <summary>Each use that becomes looser, whatever it becomes, needs what the policy says it needs.</summary>
    private async Task<Problem?> ConsentAsync(UsageTag before, UsageTag tag, CancellationToken cancellationToken)
    {
        var policy = await usage.PolicyAsync(cancellationToken);
        var missing = UsageRights.Uses.Where(use => before.Rights[use].Join(tag.Rights[use]) != tag.Rights[use]
            && policy.NeedConsent.Contains(use) && !ConsentFacts.NoneKnown.GrantedByAll.Contains(use)).ToList();
        return missing.Count > 0 ? UsageProblems.ConsentMissing(missing) : null;
    }
}
