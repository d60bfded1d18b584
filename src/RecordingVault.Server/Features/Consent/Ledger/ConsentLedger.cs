using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Tasks;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>Writes records, each with the state that it makes and an event of its own, in one transaction under the tenant's lock: so of two answers at once one is the later.</summary>
internal sealed class ConsentLedger(VaultDbContext db, TenantKeys keys, ConsentTasks tasks, IRecordingKeeping keeping, AuditLog audit, TimeProvider time)
{
    public const string Recorded = "consent.recorded";

    /// <summary>All of them, or none.</summary>
    /// <returns>What was written, or why nothing was.</returns>
    public async Task<(IReadOnlyList<ConsentRecord> Written, Problem? Problem)> RecordAsync(Guid recordingId, IReadOnlyList<NewConsent> wanted, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (!await db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken))
            return ([], Problem.NotFound);
        var people = wanted.Select(one => one.Participant).Distinct().ToList();
        if (await db.Participants.CountAsync(person => person.RecordingId == recordingId && people.Contains(person.Id), cancellationToken) < people.Count)
            return ([], ConsentProblems.NobodyOfThisId);
        // What somebody objected to is opened by his own yes, and by nothing that others write down.
        var objected = (await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == recordingId && people.Contains(state.ParticipantId) && (state.Status == ConsentStatus.Refused || state.Status == ConsentStatus.Withdrawn))
            .Select(state => new { state.ParticipantId, state.Purpose }).ToListAsync(cancellationToken)).Select(state => (state.ParticipantId, state.Purpose)).ToHashSet();
        if (wanted.Any(one => one.Status is not (ConsentStatus.Given or ConsentStatus.Refused or ConsentStatus.Withdrawn) && objected.Contains((one.Participant, one.Purpose))))
            return ([], ConsentProblems.ObjectionStands);
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        var written = await AddAndTellAsync(recordingId, key, wanted, actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (written, null);
    }

    /// <summary>As <see cref="AddAsync"/>, and tells the log of each.</summary>
    public async Task<IReadOnlyList<ConsentRecord>> AddAndTellAsync(Guid recordingId, OwnerKey key, IReadOnlyList<NewConsent> wanted, Actor actor, CancellationToken cancellationToken)
    {
        var written = await AddAsync(recordingId, key, wanted, actor, cancellationToken);
        foreach (var record in written)
            await audit.AppendAsync(Entry(record, actor), cancellationToken);
        return written;
    }

    /// <summary>Adds records of one recording's people to the running transaction, which has the tenant's lock; the caller tells the log, saves and commits.</summary>
    /// <param name="wanted">Of one person and purpose at most one.</param>
    public async Task<IReadOnlyList<ConsentRecord>> AddAsync(Guid recordingId, OwnerKey key, IReadOnlyList<NewConsent> wanted, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var people = wanted.Select(one => one.Participant).Distinct().ToList();
        var states = (await db.ConsentStates.Where(state => state.RecordingId == recordingId && people.Contains(state.ParticipantId)).ToListAsync(cancellationToken))
            .ToDictionary(state => (state.ParticipantId, state.Purpose));
        var digest = await DigestAsync(recordingId, key, cancellationToken);
        var written = new List<ConsentRecord>(wanted.Count);
        var number = await db.ConsentRecords.Where(record => record.RecordingId == recordingId).MaxAsync(record => (int?)record.Number, cancellationToken) ?? 0;
        foreach (var one in wanted)
        {
            var state = states.GetValueOrDefault((one.Participant, one.Purpose));
            var id = Guid.CreateVersion7(now);
            var record = new ConsentRecord
            {
                TenantId = db.TenantId,
                Id = id,
                RecordingId = recordingId,
                ParticipantId = one.Participant,
                Number = ++number,
                Purpose = one.Purpose,
                Status = one.Status,
                Method = one.Method,
                LawfulBasis = one.LawfulBasis,
                SaidAt = one.SaidAt ?? now,
                CreatedAt = now,
                RecordedByKind = actor.Kind,
                RecordedById = actor.Id,
                AtSeconds = one.Seconds,
                UntilSeconds = one.UntilSeconds,
                TextVersion = one.TextVersion,
                Language = one.Language,
                RecordingDigest = digest is null ? null : SealedText.Seal(key, db.TenantId, id, ConsentRecord.RecordingDigestColumn, digest),
                Note = one.Note is null ? null : SealedText.Seal(key, db.TenantId, id, ConsentRecord.NoteColumn, one.Note),
                Replaces = state?.RecordId,
            };
            db.ConsentRecords.Add(record);
            if (state is null)
            {
                db.ConsentStates.Add(new ConsentState
                {
                    TenantId = db.TenantId,
                    RecordingId = recordingId,
                    ParticipantId = one.Participant,
                    Purpose = one.Purpose,
                    Status = one.Status,
                    RecordId = id,
                    SaidAt = record.SaidAt,
                });
            }
            else
            {
                (state.Status, state.RecordId, state.SaidAt) = (one.Status, id, record.SaidAt);
            }

            written.Add(record);
        }

        await tasks.FollowAsync(written, cancellationToken);
        if (written.Any(record => ConsentWithdrawals.Counts(record.Purpose)))
            await keeping.ForgetDateAsync(recordingId, cancellationToken);
        return written;
    }

    /// <summary>Names nobody: the person's name is sealed under the recording's key and goes with it, and the log stays.</summary>
    private static AuditEntry Entry(ConsentRecord record, Actor actor) => new(Recorded, actor, AuditTargetKind.Recording, record.RecordingId)
    {
        ChangesPermission = true,
        Fields =
        [
            ("participant", $"{record.ParticipantId}"), ("for", record.Purpose.Name()), ("status", ConsentWords.Name(record.Status)), ("method", ConsentWords.Name(record.Method)),
            ("basis", record.LawfulBasis is { } basis ? ConsentWords.Name(basis) : null), ("record", $"{record.Id}"),
        ],
    };

    private async Task<string?> DigestAsync(Guid recordingId, OwnerKey key, CancellationToken cancellationToken)
    {
        var original = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId && asset.Role == ObjectRole.OriginalSegment)
            .OrderBy(asset => asset.Id).Select(asset => new { asset.Id, asset.ContentDigest }).FirstOrDefaultAsync(cancellationToken);
        return original?.ContentDigest?.Open(key, db.TenantId, original.Id, RecordingAsset.ContentDigestColumn);
    }
}
