using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Asking;

/// <summary>Whoever holds a receipt takes back wherever his recording went: a merge brings questions and receipts along, and ends the questions, which were asked about less than there is now.</summary>
internal sealed class CarriedReceipts(VaultDbContext db, TimeProvider time) : ICarriedAlong
{
    public async Task CarryAsync(Guid fromId, Guid toId, IReadOnlyDictionary<Guid, Guid> people, OwnerKey oldKey, OwnerKey newKey, CancellationToken cancellationToken)
    {
        foreach (var request in await db.ConsentRequests.Where(request => request.RecordingId == fromId).ToListAsync(cancellationToken))
        {
            request.Note = Anew(request.Note, request.TenantId, request.Id, ConsentRequest.NoteColumn, oldKey, newKey);
            (request.RecordingId, request.ParticipantId) = (toId, people.GetValueOrDefault(request.ParticipantId, request.ParticipantId));
            request.StoppedAt ??= time.Now();
        }

        foreach (var receipt in await db.ConsentReceipts.Where(receipt => receipt.RecordingId == fromId).ToListAsync(cancellationToken))
        {
            receipt.Document = Anew(receipt.Document, receipt.TenantId, receipt.Id, ConsentReceipt.DocumentColumn, oldKey, newKey)!.Value;
            (receipt.RecordingId, receipt.ParticipantId) = (toId, people.GetValueOrDefault(receipt.ParticipantId, receipt.ParticipantId));
        }
    }

    private static SealedText? Anew(SealedText? text, Guid tenantId, Guid rowId, string column, OwnerKey oldKey, OwnerKey newKey) =>
        text is { } known ? SealedText.Seal(newKey, tenantId, rowId, column, known.Open(oldKey, tenantId, rowId, column)) : null;
}

/// <summary>Of a split both parts hold what somebody agreed to, and so does a copy without some spans: what he takes back of the one is taken back of the other too.</summary>
internal sealed class PartedRecordings(VaultDbContext db, ConsentLedger ledger, CarriedConsents carried, TenantKeys keys)
{
    /// <summary>In the running transaction, which has the tenant's lock: what he takes back, or refuses, counts in every part that files of the recording went into.</summary>
    /// <param name="refused">What he never gave: where a part holds no objection of his, it holds this one.</param>
    public async Task TakeBackAsync(Guid recordingId, OwnerKey key, Guid personId, IReadOnlyList<Purpose> withdrawn, IReadOnlyList<Purpose> refused, Actor actor, CancellationToken cancellationToken)
    {
        if (withdrawn.Count + refused.Count == 0)
            return;
        foreach (var part in await PartsAsync(recordingId, cancellationToken))
        {
            using var partKey = await keys.RecordingKeyAsync(part, cancellationToken);
            var same = await carried.SameAsync(recordingId, key, part, partKey, personId, cancellationToken);
            var states = (await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == part && same.Contains(state.ParticipantId)).ToListAsync(cancellationToken))
                .ToDictionary(state => (state.ParticipantId, state.Purpose), state => state.Status);
            var wanted = new List<NewConsent>();
            foreach (var (person, purpose) in same.SelectMany(person => withdrawn.Concat(refused).Distinct().Select(purpose => (person, purpose))))
            {
                var known = states.TryGetValue((person, purpose), out var status) ? status : (ConsentStatus?)null;
                if (known is ConsentStatus.Given)
                    wanted.Add(new NewConsent(person, purpose, ConsentStatus.Withdrawn, ConsentMethod.Carried));
                else if (refused.Contains(purpose) && known is not (ConsentStatus.Refused or ConsentStatus.Withdrawn))
                    wanted.Add(new NewConsent(person, purpose, ConsentStatus.Refused, ConsentMethod.Carried));
            }

            if (wanted.Count > 0)
                await ledger.AddAndTellAsync(part, partKey, wanted, actor, cancellationToken);
        }
    }

    /// <summary>Where files of it went, and what was made of it without some spans, and where those went in turn; none that is gone.</summary>
    private async Task<IReadOnlyList<Guid>> PartsAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        HashSet<Guid> found = [recordingId];
        for (List<Guid> ends = [recordingId]; ends.Count > 0;)
        {
            var from = ends;
            var next = await db.RecordingMoves.AsNoTracking().Where(move => from.Contains(move.FromId) && (move.State == MoveState.Moved || move.State == MoveState.Done)).Select(move => move.ToId).Distinct().ToListAsync(cancellationToken);
            next.AddRange(await db.RecordingCuts.AsNoTracking().Where(cut => from.Contains(cut.FromId) && cut.State == ProcessingState.Done).Select(cut => cut.ToId).Distinct().ToListAsync(cancellationToken));
            ends = [.. next.Where(found.Add)];
        }

        found.Remove(recordingId);
        return await db.Recordings.AsNoTracking().Where(recording => found.Contains(recording.Id) && !recording.IsBeingDestroyed).Select(recording => recording.Id).ToListAsync(cancellationToken);
    }
}
