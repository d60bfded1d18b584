using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>
/// The end of a piece of evidence: the wrapped keys are deleted and the row says so in one transaction with the event, then what lies in the store goes, then the row. Killed in between,
/// the sweep goes on; from the commit on nobody reads it.
/// </summary>
internal sealed class EvidenceEnding(VaultDbContext db, TenantKeys keys, SealedStore store, IRecordingKeeping keeping, AuditLog audit, JobQueue queue, TimeProvider time)
{
    public const string Destroyed = "consent.evidence-destroyed";

    /// <summary>No file takes so long to arrive: what began before and is not whole was left by a crash.</summary>
    private static readonly TimeSpan s_longestArrival = TimeSpan.FromDays(1);

    private const int PageLength = 100;

    /// <summary>Null when it is destroyed. What shows a word of a recording on hold stays with it.</summary>
    public async Task<Problem?> DestroyAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            if (!await db.Evidence().AnyAsync(row => row.Id == id, cancellationToken))
                return Problem.NotFound;
            if (await HeldAsync(id, cancellationToken) is { } held)
                return held;
            if (!await EndRowAsync(id, actor, "by-hand", cancellationToken))
                return Problem.NotFound;
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await SweepAsync(id, cancellationToken);
        return null;
    }

    private async Task<Problem?> HeldAsync(Guid id, CancellationToken cancellationToken)
    {
        var recordings = await db.ConsentRecords.Where(record => db.EvidenceRecords.Any(bound => bound.EvidenceId == id && bound.RecordId == record.Id)).Select(record => record.RecordingId).Distinct().ToListAsync(cancellationToken);
        return (await keeping.HoldsAsync(recordings, cancellationToken)).Keys.FirstOrDefault() is var held && held != Guid.Empty ? await keeping.HoldAsync(held, cancellationToken) : null;
    }

    /// <summary>A file that did not come whole, or was not taken: nothing of it stays, and no event, since nothing was there for anybody.</summary>
    public async Task GiveUpAsync(Guid id, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            var isWhole = await db.ConsentEvidence.AnyAsync(row => row.Id == id && row.ObjectId != null, cancellationToken);
            if (isWhole || !await EndRowAsync(id, Actor.System, null, cancellationToken))
                return;
            await transaction.CommitAsync(cancellationToken);
        }

        await SweepAsync(id, cancellationToken);
    }

    /// <summary>
    /// In the running transaction, behind the tenant's turn: the recording's records are about to go. What shows nothing else goes with them, unless somebody said that it is kept longer; what
    /// lies in the store follows after the commit.
    /// </summary>
    public async Task LetGoAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        foreach (var id in await GoingAsync(recordingId, cancellationToken))
            await EndRowAsync(id, Actor.System, "recording-destroyed", cancellationToken);
        await db.EvidenceRecords.Where(bound => db.ConsentRecords.Any(record => record.Id == bound.RecordId && record.RecordingId == recordingId)).ExecuteDeleteAsync(cancellationToken);
        if (await db.ConsentEvidence.AnyAsync(row => row.EndedAt != null, cancellationToken))
            db.AfterCommit(() => queue.Nudge<SweepEvidenceJob>());
    }

    /// <summary>Before a recording is said to be destroyed, key and bytes of what goes with it are gone from the store too.</summary>
    public async Task DestroyOfAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        foreach (var id in await GoingAsync(recordingId, cancellationToken))
        {
            await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
            {
                await audit.TakeTurnAsync(cancellationToken);
                await EndRowAsync(id, Actor.System, "recording-destroyed", cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            await SweepAsync(id, cancellationToken);
        }
    }

    /// <summary>What is due, a page of it: half files, what nobody keeps any more, and what is ended and not swept.</summary>
    public Task<List<Guid>> DueAsync(Guid after, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var late = now - s_longestArrival;
        return db.ConsentEvidence
            .Where(row => row.Id.CompareTo(after) > 0 && (row.EndedAt != null
                || (row.ObjectId == null && row.CreatedAt <= late)
                || (row.ObjectId != null && (row.KeptUntil == null || row.KeptUntil <= now) && !db.EvidenceRecords.Any(bound => bound.EvidenceId == row.Id))))
            .OrderBy(row => row.Id).Take(PageLength).Select(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>What a sweep does with one that is due.</summary>
    public async Task FinishAsync(Guid id, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            // Only what this transaction reads decides.
            if (await db.ConsentEvidence.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
                return;
            if (row.EndedAt is null)
            {
                if (row.ObjectId is null ? row.CreatedAt > time.Now() - s_longestArrival : row.KeptUntil > time.Now() || await db.EvidenceRecords.AnyAsync(bound => bound.EvidenceId == id, cancellationToken))
                    return;
                await EndRowAsync(id, Actor.System, row.ObjectId is null ? null : "time-over", cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        await SweepAsync(id, cancellationToken);
    }

    /// <summary>Deletes keys of evidence that never was: a process that dies between the put of a key and the commit of its row leaves one object.</summary>
    public async Task SweepLoneKeysAsync(CancellationToken cancellationToken)
    {
        var before = time.Now() - s_longestArrival;
        await foreach (var id in store.ListEvidenceIdsAsync(db.TenantId, cancellationToken))
        {
            // Where anything lies beside a key that no row knows, the database may be older than the store: that is recovered, not swept.
            if (!await db.ConsentEvidence.AnyAsync(row => row.Id == id, cancellationToken) && !await db.KeyWraps.AnyAsync(wrap => wrap.Kind == KeyKind.Evidence && wrap.OwnerId == id, cancellationToken)
                && await store.HoldsOldKeysOnlyAsync(KeyKind.Evidence, db.TenantId, id, before, cancellationToken))
                await store.DeleteEvidenceAsync(db.TenantId, id, cancellationToken);
        }
    }

    /// <summary>Evidence that shows records of this recording and of no other, and is not kept beyond them.</summary>
    private Task<List<Guid>> GoingAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var now = time.Now();
        return db.Evidence().OfRecording(db, recordingId)
            .Where(row => (row.KeptUntil == null || row.KeptUntil <= now)
                && !db.EvidenceRecords.Any(bound => bound.EvidenceId == row.Id && db.ConsentRecords.Any(record => record.Id == bound.RecordId && record.RecordingId != recordingId)))
            .Select(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <param name="why">Null: nothing is told, because nothing was there for anybody.</param>
    private async Task<bool> EndRowAsync(Guid id, Actor actor, string? why, CancellationToken cancellationToken)
    {
        var now = time.Now();
        if (await db.ConsentEvidence.Where(row => row.Id == id && row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken) == 0)
            return false;
        var recordingId = await RecordingOfAsync(id, cancellationToken);
        await keys.ForgetEvidenceKeyAsync(id, cancellationToken);
        await db.EvidenceRecords.Where(bound => bound.EvidenceId == id).ExecuteDeleteAsync(cancellationToken);
        if (why is not null)
        {
            await audit.AppendAsync(
                new AuditEntry(Destroyed, actor, recordingId is null ? AuditTargetKind.Tenant : AuditTargetKind.Recording, recordingId ?? db.TenantId) { Fields = [("evidence", $"{id}"), ("why", why)] }, cancellationToken);
        }

        return true;
    }

    /// <summary>A recording whose records it shows; null where it has outlived them.</summary>
    public Task<Guid?> RecordingOfAsync(Guid id, CancellationToken cancellationToken) =>
        db.ConsentRecords.Where(record => db.EvidenceRecords.Any(bound => bound.EvidenceId == id && bound.RecordId == record.Id))
            .OrderByDescending(record => record.CreatedAt).ThenBy(record => record.Id).Select(record => (Guid?)record.RecordingId).FirstOrDefaultAsync(cancellationToken);

    private async Task SweepAsync(Guid id, CancellationToken cancellationToken)
    {
        await store.DeleteEvidenceAsync(db.TenantId, id, cancellationToken);
        await db.ConsentEvidence.Where(row => row.Id == id && row.EndedAt != null).ExecuteDeleteAsync(cancellationToken);
    }
}
