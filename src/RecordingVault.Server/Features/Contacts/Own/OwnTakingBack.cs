using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Contacts.Own;

/// <summary>Takes back what somebody had given for one recording, in every part that its files went into. It gives nothing.</summary>
internal sealed class OwnTakingBack(VaultDbContext db, TenantKeys keys, ConsentLedger ledger, PartedRecordings parts, AuditLog audit)
{
    public const string TookBack = "contact.took-back";

    /// <param name="chosen">What is not given is passed over.</param>
    /// <returns>What was taken back.</returns>
    public async Task<IReadOnlyList<Purpose>> TakeBackAsync(OwnRecordingsLink link, ContactRecordingResponse named, IReadOnlyCollection<Purpose> chosen, string language, HttpContext http, CancellationToken cancellationToken)
    {
        var (recordingId, person) = (named.Recording, named.Participant);
        var actor = new Actor(AuditActorKind.Participant, person) { Name = named.Name, Address = http.Connection.RemoteIpAddress?.ToString(), UserAgent = http.Request.Headers.UserAgent.ToString() };
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (!await db.Participants.AnyAsync(one => one.Id == person && one.RecordingId == recordingId && db.Recordings.Any(recording => recording.Id == recordingId && !recording.IsBeingDestroyed), cancellationToken))
            return [];
        var given = await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == recordingId && state.ParticipantId == person && state.Status == ConsentStatus.Given).Select(state => state.Purpose).ToListAsync(cancellationToken);
        List<Purpose> back = [.. given.Where(chosen.Contains)];
        if (back.Count == 0)
            return [];
        await ledger.AddAndTellAsync(recordingId, key, [.. back.Select(purpose => new NewConsent(person, purpose, ConsentStatus.Withdrawn, ConsentMethod.Page) { Language = language })], actor, cancellationToken);
        await parts.TakeBackAsync(recordingId, key, person, back, [], actor, cancellationToken);
        await audit.AppendAsync(
            new AuditEntry(TookBack, actor, AuditTargetKind.Recording, recordingId) { Fields = [("participant", $"{person}"), ("link", $"{link.Id}"), ("for", string.Join(' ', back.Select(purpose => purpose.Name())))] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return back;
    }
}
