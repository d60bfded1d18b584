using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <summary>
/// Puts recordings on hold, behind the tenant's turn: a destruction that has begun stands and this finds nothing to hold, or the hold stands and the destruction finds it. In the same transaction
/// each wrap of the recording's key is pinned, and its key object is in the store before the commit (security.md 12).
/// </summary>
internal sealed class HoldSetting(VaultDbContext db, TenantKeys keys, ChosenRecordings chosen, AuditLog audit, JobQueue jobs, TimeProvider time)
{
    public const string Set = "hold.set";

    /// <summary>That the matter holds it already is fine: its hold is the answer.</summary>
    public async Task<(Guid? Hold, Problem? Problem)> SetAsync(Guid recordingId, Guid? matterId, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        var missing = await keys.MissingRecordingKeyObjectsAsync([recordingId], cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        // Before anything is said of the matter: of what is not there nothing is.
        if (!await db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken))
            return (null, Problem.NotFound);
        var (matter, refusal) = await MatterAsync(matterId, reason, http, cancellationToken);
        if (matter is null)
            return (null, refusal);
        var holds = await AddAsync([recordingId], matter, reason, http, missing, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(db.TenantId, recordingId);
        return (holds[recordingId], null);
    }

    /// <summary>Many at once, all of them or, with a sentence for each that stands in the way, none.</summary>
    public async Task<(IReadOnlyList<BulkRefusal> Refused, Problem? Problem)> SetAllAsync(IReadOnlyList<Guid> ids, Guid? matterId, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        var missing = await keys.MissingRecordingKeyObjectsAsync(ids, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var (matter, refusal) = await MatterAsync(matterId, reason, http, cancellationToken);
        if (matter is null)
            return ([], refusal);
        if (await chosen.RefusalsAsync(ids, _ => null, cancellationToken) is { Count: > 0 } refused)
            return (refused, null);
        await AddAsync(ids, matter, reason, http, missing, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var id in ids)
            jobs.Nudge<WriteCardJob>(db.TenantId, id);
        return ([], null);
    }

    private async Task<(Matter? Matter, Problem? Problem)> MatterAsync(Guid? id, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        // His role may have been changed since the request came in.
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
            return (null, Problem.Forbidden);
        if (await db.Matters.AsNoTracking().SingleOrDefaultAsync(matter => matter.Id == id, cancellationToken) is not { } matter)
            return (null, HoldProblems.NoSuchMatter);
        return matter.ClosedAt is not null ? (null, HoldProblems.MatterClosed) : HoldProblems.CheckReason(reason) is { } unfit ? (null, unfit) : (matter, null);
    }

    /// <returns>The hold of each of them for this matter, new or not.</returns>
    private async Task<IReadOnlyDictionary<Guid, Guid>> AddAsync(
        IReadOnlyList<Guid> ids, Matter matter, string? reason, HttpContext http, IReadOnlyCollection<WrappedKey> missing, CancellationToken cancellationToken)
    {
        var holds = await db.LegalHolds.AsNoTracking().Where(hold => hold.MatterId == matter.Id && ids.Contains(hold.RecordingId) && hold.LiftedAt == null)
            .ToDictionaryAsync(hold => hold.RecordingId, hold => hold.Id, cancellationToken);
        var fresh = ids.Where(id => !holds.ContainsKey(id)).ToList();
        var pinned = (await db.KeyWraps.AsNoTracking().Where(wrap => wrap.Kind == KeyKind.Recording && fresh.Contains(wrap.OwnerId)).Select(wrap => new { wrap.Id, wrap.OwnerId }).ToListAsync(cancellationToken)).ToLookup(wrap => wrap.OwnerId, wrap => wrap.Id);
        await keys.PutKeyObjectsAsync(missing.Where(wrap => fresh.Contains(wrap.OwnerId)), cancellationToken);
        using var dataKey = await keys.DataKeyAsync(cancellationToken);
        var name = matter.Name.Open(dataKey, matter.TenantId, matter.Id, Matter.NameColumn);
        var why = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        await keys.OpenRecordingKeysAsync(fresh, cancellationToken);
        foreach (var id in fresh)
        {
            using var key = await keys.RecordingKeyAsync(id, cancellationToken);
            var holdId = holds[id] = Guid.CreateVersion7();
            db.LegalHolds.Add(new LegalHold
            {
                TenantId = db.TenantId,
                Id = holdId,
                MatterId = matter.Id,
                RecordingId = id,
                SetAt = time.Now(),
                SetBy = http.User.MemberId(),
                Reason = why is null ? null : SealedText.Seal(key, db.TenantId, holdId, LegalHold.ReasonColumn, why),
            });
            db.HoldPins.AddRange(pinned[id].Select(wrap => new HoldPin { TenantId = db.TenantId, HoldId = holdId, WrapId = wrap }));
            await audit.AppendAsync(new AuditEntry(Set, http.Actor(), AuditTargetKind.Recording, id) { Fields = [("hold", $"{holdId}"), ("matter", $"{matter.Id}"), ("name", name), ("why", why)] }, cancellationToken);
        }

        await db.TouchAsync(fresh, cancellationToken);
        return holds;
    }
}

internal static class HeldRecordings
{
    /// <summary>Their cards and dates are due anew, also where a job is writing them at this moment from what was true before.</summary>
    public static Task TouchAsync(this VaultDbContext db, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        db.Recordings.Where(recording => ids.Contains(recording.Id)).ExecuteUpdateAsync(set => set.SetProperty(recording => recording.Version, recording => recording.Version + 1), cancellationToken);
}
