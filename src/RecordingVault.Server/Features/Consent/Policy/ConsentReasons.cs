using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Pages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Policy;

/// <param name="Reason">Why the recording is used so without everybody's yes; absent takes the reason back.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ConsentReasonRequest(string? Purpose, string? Reason);

/// <summary>PUT /api/v1/recordings/{id}/consent-reason.</summary>
internal static class GiveConsentReason
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, ConsentReasonRequest request, HttpContext http, ConsentReading reading, ConsentReasons reasons, CancellationToken cancellationToken)
    {
        if (!await reading.IsThereAsync(id, cancellationToken))
            return Problem.NotFound.ToResult();
        if (ConsentWords.PurposeOf(request.Purpose) is not { } purpose || !ConsentPolicy.Purposes.Contains(purpose))
            return Problem.Invalid("purpose", $"it is one of {string.Join(", ", ConsentPolicy.Purposes.Select(known => known.Name()))}.").ToResult();
        return await reasons.SetAsync(id, purpose, request.Reason, http, cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
    }

    /// <summary>POST /recordings/{id}/consent/reason: an empty reason that is sent with <c>back</c> takes it back.</summary>
    public static async Task<IResult> HandleForm(Guid id, HttpContext http, ConsentPages pages, ConsentReasons reasons, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.ModelAsync(id, person: null, cursor: null, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        if (ConsentWords.PurposeOf(form["purpose"]) is not { } purpose || !ConsentPolicy.Purposes.Contains(purpose))
            return Problem.Invalid("purpose", "choose one of the uses.").ToResult();
        if (await reasons.SetAsync(id, purpose, form["back"].Length > 0 ? null : form["reason"], http, cancellationToken) is not { } refusal)
            return TypedResults.LocalRedirect($"/recordings/{id}/consent");
        return PageAnswers.Page<ConsentPage>(
            model with { WrongStop = purpose.Name(), ReasonWord = form["reason"], Error = refusal.Sentence, ErrorField = refusal.Field, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst }, refusal.Status);
    }
}

/// <summary>
/// Where the policy allows a use with a reason, somebody has to give it, for one recording and one purpose. It lets content leave that did not: so it is an Owner's or an Admin's, in person, with
/// a fresh sign-in, and the log keeps it. Taking it back holds at the next byte.
/// </summary>
internal sealed class ConsentReasons(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const string Given = "consent.reason-given";
    public const string TakenBack = "consent.reason-taken-back";

    /// <summary>Null means done.</summary>
    public async Task<Problem?> SetAsync(Guid recordingId, Purpose purpose, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (!await db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken))
            return Problem.NotFound;
        var known = await db.ConsentReasons.SingleOrDefaultAsync(why => why.RecordingId == recordingId && why.Purpose == purpose, cancellationToken);
        if (reason is null && known is null)
            return null;
        var entry = new AuditEntry(reason is null ? TakenBack : Given, http.Actor(), AuditTargetKind.Recording, recordingId) { ChangesPermission = true, Fields = [("for", purpose.Name())] };
        if ((reason is null ? null : ConsentProblems.LooseningRefusal(http, reason, time.GetUtcNow())) is { } refusal)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (refusal == Problem.PersonNeeded)
                await audit.WriteAsync(entry with { ChangesPermission = false, Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
            return refusal;
        }

        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
            return Problem.Forbidden;
        if (known is not null)
        {
            db.ConsentReasons.Remove(known);
            await db.SaveChangesAsync(cancellationToken);
        }

        if (reason is not null)
        {
            using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
            var id = Guid.CreateVersion7();
            db.ConsentReasons.Add(new ConsentReason
            {
                TenantId = db.TenantId,
                Id = id,
                RecordingId = recordingId,
                Purpose = purpose,
                Reason = SealedText.Seal(key, db.TenantId, id, ConsentReason.ReasonColumn, reason.Trim()),
                MadeBy = http.User.MemberId(),
                MadeAt = time.Now(),
            });
            entry = entry with { Fields = [.. entry.Fields, ("why", reason.Trim())] };
        }

        await audit.AppendAsync(entry, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
