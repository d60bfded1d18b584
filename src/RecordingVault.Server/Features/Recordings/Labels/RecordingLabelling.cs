using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recordings.Labels;

/// <summary>
/// Changes the label of one recording, in a transaction of its own with its event. Tightening is any contributor's. A looser label shows content to more people:
/// that is an Owner's or an Admin's decision, in person, with a fresh sign-in and a reason that the log keeps.
/// </summary>
internal sealed class RecordingLabelling(VaultDbContext db, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const int LongestReason = 500;

    public static readonly Problem NoSuchLabel = Problem.Invalid("label", "it is public, internal, confidential or restricted.");
    public static readonly Problem NotLoosened = new("loosening-for-owners", 403, "Only an Owner or an Admin makes a label looser, because that shows the recording to more people. Ask one of them.");

    private static readonly Problem s_noReason = Problem.Invalid("reason", $"say in at most {LongestReason} characters why it may be seen by more people; the log keeps it.");

    public static bool MayLoosen(Role role) => role is Role.Owner or Role.Admin;

    /// <param name="reason">Kept only where the label becomes looser.</param>
    /// <returns>The recording as it stands now, or why its label was not changed.</returns>
    public async Task<(Recording? Recording, Problem? Problem)> ApplyAsync(Guid id, ConfidentialityLabel label, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Whoever changes a role or ends a session takes the turn too: this comes before it, or sees what came of it.
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return (null, Problem.NotFound);
        if (recording.Label == label)
            return (recording, null);
        var entry = Entry(recording, label, http.Actor());
        if (label < recording.Label)
        {
            if ((Refusal(reason, http) ?? await RefusalByRowsAsync(http, cancellationToken)) is { } refusal)
            {
                await transaction.RollbackAsync(cancellationToken);
                if (refusal == NotLoosened || refusal == Problem.PersonNeeded)
                    await audit.WriteAsync(entry with { ChangesPermission = false, Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
                return (null, refusal);
            }

            entry = entry with { Fields = [.. entry.Fields, ("why", reason!.Trim())] };
        }

        recording.Label = label;
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

    private Problem? Refusal(string? reason, HttpContext http) =>
        !MayLoosen(http.User.RoleInTenant()) ? NotLoosened
        : http.User.SessionId() is null ? Problem.PersonNeeded
        : string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > LongestReason ? s_noReason
        : FreshSignIn.Check(http, time.GetUtcNow());

    private async Task<Problem?> RefusalByRowsAsync(HttpContext http, CancellationToken cancellationToken) =>
        await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is { Role: Role.Owner or Role.Admin } ? null : NotLoosened;

    private static AuditEntry Entry(Recording recording, ConfidentialityLabel label, Actor actor) =>
        new(label < recording.Label ? "recording.loosened" : "recording.labelled", actor, AuditTargetKind.Recording, recording.Id)
        {
            ChangesPermission = true,
            Fields = [("label", label.Name()), ("before", recording.Label.Name())],
        };
}
