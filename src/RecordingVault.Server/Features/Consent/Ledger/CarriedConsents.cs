using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>What another slice keeps of a recording's people and has to bring along when the whole recording goes into another one.</summary>
internal interface ICarriedAlong
{
    /// <summary>In the running transaction; the caller saves and commits.</summary>
    /// <param name="people">Who somebody of the old recording is in the new one.</param>
    Task CarryAsync(Guid fromId, Guid toId, IReadOnlyDictionary<Guid, Guid> people, OwnerKey oldKey, OwnerKey newKey, CancellationToken cancellationToken);
}

/// <summary>
/// What people said goes along when files move into another recording. Whoever comes with the files brings what he said. Where somebody was named in both, a grant counts for what was recorded
/// there and for nothing else: it goes on only if he gave it in both, and an objection in either is one in the whole.
/// </summary>
internal sealed class CarriedConsents(VaultDbContext db, ConsentLedger ledger, AuditLog audit, IEnumerable<ICarriedAlong> others)
{
    public Task<HashSet<Guid>> PeopleAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.Participants.Where(person => person.RecordingId == recordingId).Select(person => person.Id).ToHashSetAsync(cancellationToken);

    /// <summary>In the running transaction, which has the tenant's lock and has saved the people; the caller saves and commits.</summary>
    /// <param name="before">Those who were in the recording that the files come into.</param>
    public async Task CarryAsync(Guid fromId, Guid toId, OwnerKey oldKey, OwnerKey newKey, IReadOnlySet<Guid> before, CancellationToken cancellationToken)
    {
        var said = (await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == fromId).ToListAsync(cancellationToken)).ToLookup(state => state.ParticipantId);
        var there = (await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == toId).ToListAsync(cancellationToken)).ToDictionary(state => (state.ParticipantId, state.Purpose));
        if (said.Count == 0 && there.Count == 0)
            return;
        var same = (await NamedAsync(toId, newKey, cancellationToken)).ToLookup(person => person.Words, person => person.Id);
        var records = await db.ConsentRecords.AsNoTracking().Where(record => db.ConsentStates.Any(state => state.RecordingId == fromId && state.RecordId == record.Id)).ToDictionaryAsync(record => record.Id, cancellationToken);
        var wanted = new List<NewConsent>();
        var shown = new List<(Guid From, Func<Guid> To)>();
        IReadOnlyList<ConsentRecord> written = [];
        foreach (var one in (await NamedAsync(fromId, oldKey, cancellationToken)).GroupBy(person => person.Words, person => person.Id))
        {
            foreach (var purpose in ConsentWords.Recorded)
            {
                var state = Strictest([.. one.Select(person => said[person].FirstOrDefault(state => state.Purpose == purpose))]);
                foreach (var other in same[one.Key])
                {
                    var known = there.GetValueOrDefault((other, purpose));
                    var here = known?.Status;
                    if (Joined(state?.Status, here, before.Contains(other)) is not { } status)
                    {
                        // What stands there says the same, and is shown by what was shown here as well.
                        if (state is not null && known is not null && state.Status == here)
                            shown.Add((state.RecordId, () => known.RecordId));
                        continue;
                    }

                    if (state is not null)
                    {
                        var place = wanted.Count;
                        shown.Add((state.RecordId, () => written[place].Id));
                    }

                    wanted.Add(state is not null && state.Status == status
                        ? Copy(records[state.RecordId], other, oldKey)
                        : new NewConsent(other, purpose, status, ConsentMethod.Carried));
                }
            }
        }

        if (wanted.Count > 0)
            written = await ledger.AddAsync(toId, newKey, wanted, Actor.System, cancellationToken);
        await ShowAsync(shown, cancellationToken);
        if (wanted.Count == 0)
            return;
        await audit.AppendAsync(
            new AuditEntry("consent.carried", Actor.System, AuditTargetKind.Recording, toId) { ChangesPermission = true, Fields = [("from", $"{fromId}"), ("records", $"{wanted.Count}")] }, cancellationToken);
    }

    /// <summary>Evidence of what was said shows from now on the record too that carries it on, and lasts as long as either of them.</summary>
    private async Task ShowAsync(List<(Guid From, Func<Guid> To)> shown, CancellationToken cancellationToken)
    {
        var from = shown.Select(pair => pair.From).ToList();
        var bound = (await db.EvidenceRecords.AsNoTracking().Where(row => from.Contains(row.RecordId)).ToListAsync(cancellationToken)).ToLookup(row => row.RecordId, row => row.EvidenceId);
        foreach (var (evidence, record) in shown.SelectMany(pair => bound[pair.From].Select(evidence => (evidence, pair.To()))).Distinct())
            db.EvidenceRecords.Add(new EvidenceRecord { TenantId = db.TenantId, EvidenceId = evidence, RecordId = record });
    }

    /// <summary>After a merge: nothing is left of the old recording, so what its people hold of it has to lead to the new one.</summary>
    public async Task BringAlongAsync(Guid fromId, Guid toId, OwnerKey oldKey, OwnerKey newKey, CancellationToken cancellationToken)
    {
        var there = (await NamedAsync(toId, newKey, cancellationToken)).ToLookup(person => person.Words, person => person.Id);
        var people = (await NamedAsync(fromId, oldKey, cancellationToken)).Where(person => there.Contains(person.Words)).ToDictionary(person => person.Id, person => there[person.Words].First());
        foreach (var other in others)
            await other.CarryAsync(fromId, toId, people, oldKey, newKey, cancellationToken);
    }

    /// <summary>Those of another recording of one name and address with somebody of this one.</summary>
    public async Task<IReadOnlyList<Guid>> SameAsync(Guid recordingId, OwnerKey key, Guid otherId, OwnerKey otherKey, Guid personId, CancellationToken cancellationToken)
    {
        var words = (await NamedAsync(recordingId, key, cancellationToken)).Where(person => person.Id == personId).Select(person => person.Words).ToList();
        return [.. (await NamedAsync(otherId, otherKey, cancellationToken)).Where(person => words.Contains(person.Words)).Select(person => person.Id)];
    }

    /// <summary>What is to be written of one person and purpose; null where what stands there goes on.</summary>
    /// <param name="from">Where the files come from.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="wasThere">He was recorded there too, apart from what comes.</param>
    public static ConsentStatus? Joined(ConsentStatus? from, ConsentStatus? to, bool wasThere)
    {
        if (IsObjection(to))
            return null;
        if (IsObjection(from))
            return from;
        if (wasThere)
            return Allows(to) && !Allows(from) ? ConsentStatus.Expired : null;
        return to is null ? from : null;
    }

    /// <summary>Two of one name and address may be one person who was named twice, or two: neither's grant is the other's.</summary>
    private static ConsentState? Strictest(List<ConsentState?> states) =>
        states.Find(state => IsObjection(state?.Status)) ?? (states.TrueForAll(state => Allows(state?.Status)) ? states[0] : states.Find(state => !Allows(state?.Status)));

    private static bool IsObjection(ConsentStatus? status) => status is ConsentStatus.Refused or ConsentStatus.Withdrawn;

    private static bool Allows(ConsentStatus? status) => status is ConsentStatus.Given or ConsentStatus.NotNeeded;

    private static NewConsent Copy(ConsentRecord record, Guid person, OwnerKey key) => new(person, record.Purpose, record.Status, ConsentMethod.Carried)
    {
        SaidAt = record.SaidAt,
        LawfulBasis = record.LawfulBasis,
        TextVersion = record.TextVersion,
        Language = record.Language,
        Note = record.Note?.Open(key, record.TenantId, record.Id, ConsentRecord.NoteColumn),
    };

    private async Task<IReadOnlyList<(Guid Id, (string Name, string? Email) Words)>> NamedAsync(Guid recordingId, OwnerKey key, CancellationToken cancellationToken) =>
        [.. (await db.Participants.AsNoTracking().Where(person => person.RecordingId == recordingId).OrderBy(person => person.Id).ToListAsync(cancellationToken)).Select(person => (
            person.Id,
            (person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn), person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn))))];
}
