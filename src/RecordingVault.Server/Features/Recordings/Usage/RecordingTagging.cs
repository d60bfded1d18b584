using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recordings.Usage;

/// <summary>What came of it: the recording as it stands now, why its tag was not changed, or the request that waits for a second person.</summary>
internal sealed record TagChange(Recording? Recording, Problem? Problem = null, Guid? Request = null);

/// <summary>
/// Changes the usage tag of one recording, in a transaction of its own with its event. Tightening is any contributor's, and holds at the next byte. Loosening lets machines do more: that is
/// an Owner's or an Admin's decision, in person, with a fresh sign-in, a reason that the log keeps, and the consent that the organisation's policy asks. Where
/// that is missing, and the organisation takes a second person's approval for it, the approval is asked for and the tag stays (0159).
/// </summary>
internal sealed class RecordingTagging(VaultDbContext db, UsageReading usage, LooseningAsking approvals, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const string Tightened = "recording.tag-tightened";
    public const string Loosened = "recording.tag-loosened";

    public async Task<TagChange> ApplyAsync(Guid id, UsageTag tag, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Whoever changes a role, ends a session or changes the policy takes the turn too: this comes before it, or sees what came of it.
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return new(null, Problem.NotFound);
        if (recording.UsageTag == tag)
            return new(recording);
        var entry = Entry(recording, tag, http.Actor());
        if (entry.Type == Loosened)
        {
            var refusal = UsageProblems.Refusal(http, reason, time.GetUtcNow()) ?? await RefusalByRowsAsync(http, cancellationToken);
            if (refusal is null && await usage.MissingConsentsAsync(recording, tag, cancellationToken) is { Count: > 0 } missing)
            {
                if (await approvals.IsAllowedAsync(cancellationToken))
                {
                    var request = await approvals.AskAsync(recording, tag, missing, reason!.Trim(), http, cancellationToken);
                    await db.SaveChangesAsync(cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                    return new(recording, Request: request);
                }

                refusal = UsageProblems.ConsentMissing(missing);
            }

            if (refusal is not null)
            {
                await transaction.RollbackAsync(cancellationToken);
                if (refusal.Status is StatusCodes.Status403Forbidden or StatusCodes.Status409Conflict && refusal != Problem.FreshSignIn && refusal != Problem.SecondFactorFirst)
                    await audit.WriteAsync(entry with { ChangesPermission = false, Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
                return new(null, refusal);
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
            return new(null, Problem.ChangedMeanwhile);
        }

        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
        return new(recording);
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
}
