using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <summary>
/// A second person's yes or no. Approving loosens the tag in the same transaction, behind the tenant's turn, and looks at everything anew: who decides, who asked, the tag, the rule, and for what
/// consent is missing now. It stands in the place of that consent for the tag's change alone; what the tag in force allows, the policy, consents and found marks say as before.
/// </summary>
internal sealed class LooseningDeciding(VaultDbContext db, LooseningReading reading, LooseningLetters letters, UsageReading usage, TenantKeys keys, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const string Approved = "recording.loosening-approved";
    public const string Declined = "recording.loosening-declined";

    /// <returns>Why nothing was decided; null where it is.</returns>
    public async Task<Problem?> DecideAsync(Guid id, string? decision, string? word, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.LooseningRequests.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } request
            || await db.Recordings.SingleOrDefaultAsync(row => row.Id == request.RecordingId, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return Problem.NotFound;
        if (decision is not ("approve" or "decline"))
            return ApprovalProblems.NoDecision;
        var approves = decision == "approve";
        var entry = new AuditEntry(approves ? Approved : Declined, http.Actor(), AuditTargetKind.Recording, recording.Id) { Fields = LooseningAsking.Fields(request) };
        if (await RefusalAsync(request, recording, approves, word, http, cancellationToken) is { } refusal)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (refusal == ApprovalProblems.Own || refusal == UsageProblems.NotLoosened || refusal == Problem.PersonNeeded)
                await audit.WriteAsync(entry with { Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
            return refusal;
        }

        var said = word!.Trim();
        using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
        (request.State, request.DecidedBy, request.EndedAt) = (approves ? LooseningState.Approved : LooseningState.Declined, http.User.MemberId(), time.Now());
        request.Word = SealedText.Seal(key, request.TenantId, request.Id, LooseningRequest.WordColumn, said);
        await audit.AppendAsync(entry with { Fields = [.. entry.Fields, ("why", said)] }, cancellationToken);
        if (approves)
        {
            var loosened = RecordingTagging.Entry(recording, request.Tag, http.Actor());
            recording.UsageTag = request.Tag;
            recording.Touch();
            var asked = request.Reason.Open(key, request.TenantId, request.Id, LooseningRequest.ReasonColumn);
            await audit.AppendAsync(loosened with { Fields = [.. loosened.Fields, ("request", request.Id.ToString()), ("why", asked)] }, cancellationToken);
        }

        await letters.TellAsync(request, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problem.ChangedMeanwhile;
        }

        await transaction.CommitAsync(cancellationToken);
        if (approves)
            jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
        return null;
    }

    private async Task<Problem?> RefusalAsync(LooseningRequest request, Recording recording, bool approves, string? word, HttpContext http, CancellationToken cancellationToken)
    {
        if (!UsageProblems.MayLoosen(http.User.RoleInTenant()))
            return UsageProblems.NotLoosened;
        if (http.User.SessionId() is null)
            return Problem.PersonNeeded;
        if (request.AskedBy == http.User.MemberId())
            return ApprovalProblems.Own;
        if (string.IsNullOrWhiteSpace(word) || word.Trim().Length > UsageProblems.LongestReason)
            return ApprovalProblems.NoWord;
        if (FreshSignIn.Check(http, time.GetUtcNow()) is { } stale)
            return stale;
        // His role, his session and his membership may have ended since the request came in.
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
            return UsageProblems.NotLoosened;
        return await OverAsync(request, cancellationToken) ?? (approves ? await ConsentAsync(request, recording, cancellationToken) : null);
    }

    private async Task<Problem?> OverAsync(LooseningRequest request, CancellationToken cancellationToken) =>
        await reading.Live().AnyAsync(row => row.Id == request.Id, cancellationToken) ? null : request.State switch
        {
            LooseningState.Approved => ApprovalProblems.Over("approved"),
            LooseningState.Declined => ApprovalProblems.Over("declined"),
            LooseningState.Expired => ApprovalProblems.Over("expired"),
            LooseningState.Pending when request.ExpiresAt <= time.GetUtcNow() => ApprovalProblems.Over("expired"),
            _ => ApprovalProblems.Stale,
        };

    /// <summary>The policy may ask consent for more by now than what the request says is set aside.</summary>
    private async Task<Problem?> ConsentAsync(LooseningRequest request, Recording recording, CancellationToken cancellationToken)
    {
        var missing = await usage.MissingConsentsAsync(recording, request.Tag, cancellationToken);
        return missing.All(UsageWords.UsesOfRow(request.Uses).Contains) ? null : ApprovalProblems.Stale;
    }
}
