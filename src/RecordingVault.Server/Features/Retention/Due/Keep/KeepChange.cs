using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Due.Keep;

/// <summary>
/// A person keeps a recording longer than rules would, which whoever may change it does freely. To take that back, or to shorten it, is an Owner's or an Admin's, in person and freshly signed in:
/// something may go then that would have stayed.
/// </summary>
internal sealed class KeepChange(VaultDbContext db, ChosenRecordings chosen, DateReckoning reckoning, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const string Kept = "retention.kept";
    public const string KeepEnded = "retention.keep-ended";

    /// <returns>Why it is not kept so; null where it is.</returns>
    public async Task<Problem?> KeepAsync(Guid id, KeepWish wish, HttpContext http, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            if (await RefusalAsync(id, wish.Until, http, cancellationToken) is { } refusal)
            {
                await transaction.RollbackAsync(cancellationToken);
                if (refusal == KeepProblems.ForOwners || refusal == Problem.PersonNeeded)
                    await audit.WriteAsync(new AuditEntry(Kept, http.Actor(), AuditTargetKind.Recording, id) { Outcome = AuditOutcome.Refused, Fields = [("reason", refusal.Slug), ("until", Text(wish.Until))] }, cancellationToken);
                return refusal;
            }

            await PutAsync(await RowAsync(id, cancellationToken), wish, http, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await reckoning.WriteAsync([id], cancellationToken);
        return null;
    }

    /// <summary>All of them or none; what somebody keeps for longer than this stays as it is.</summary>
    /// <returns>Who stands in the way; empty when all are kept.</returns>
    public async Task<IReadOnlyList<BulkRefusal>> KeepAsync(IReadOnlyList<Guid> ids, KeepWish wish, HttpContext http, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            if (await chosen.RefusalsAsync(ids, _ => null, cancellationToken) is { Count: > 0 } refused)
                return refused;
            await keys.OpenRecordingKeysAsync(ids, cancellationToken);
            foreach (var id in ids)
            {
                var row = await RowAsync(id, cancellationToken);
                if (!(row.KeepUntil >= wish.Until))
                    await PutAsync(row, wish, http, cancellationToken);
            }

            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await reckoning.WriteAsync(ids, cancellationToken);
        return [];
    }

    /// <summary>Its rules alone say then how long it is kept.</summary>
    /// <returns>Why it is kept as before; null where nobody keeps it now.</returns>
    public async Task<Problem?> EndAsync(Guid id, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            await audit.TakeTurnAsync(cancellationToken);
            if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
                return Problem.NotFound;
            if (KeepWish.CheckReason(reason) is { } wrong)
                return wrong;
            var row = await RowAsync(id, cancellationToken);
            if (row.KeepUntil is not { } before)
                return null;
            (row.KeepUntil, row.KeepBy, row.KeepSince, row.KeepReason, row.RecordingVersion) = (null, null, null, null, null);
            await EndObligationAsync(row, cancellationToken);
            await audit.AppendAsync(new AuditEntry(KeepEnded, http.Actor(), AuditTargetKind.Recording, id) { Fields = [("before", Text(before)), ("why", reason!.Trim())] }, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await reckoning.WriteAsync([id], cancellationToken);
        return null;
    }

    private async Task<Problem?> RefusalAsync(Guid id, DateTimeOffset until, HttpContext http, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return Problem.NotFound;
        if (recording.TrashedAt is not null)
            return KeepProblems.InTrash;
        var now = time.Now();
        if (!await db.RecordingDisposals.AnyAsync(row => row.RecordingId == id && row.KeepUntil > until && row.KeepUntil > now, cancellationToken))
            return null;
        return http.User.RoleInTenant() is not (Role.Owner or Role.Admin) ? KeepProblems.ForOwners
            : http.User.SessionId() is null ? Problem.PersonNeeded
            : FreshSignIn.Check(http, time.GetUtcNow());
    }

    private async Task<RecordingDisposal> RowAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await db.RecordingDisposals.SingleOrDefaultAsync(row => row.RecordingId == id, cancellationToken) is { } found)
            return found;
        // What came a moment ago has none yet; the reckoning that follows fills it.
        var made = new RecordingDisposal { TenantId = db.TenantId, RecordingId = id };
        db.RecordingDisposals.Add(made);
        return made;
    }

    private async Task PutAsync(RecordingDisposal row, KeepWish wish, HttpContext http, CancellationToken cancellationToken)
    {
        var before = row.KeepUntil;
        using var key = await keys.RecordingKeyAsync(row.RecordingId, cancellationToken);
        (row.KeepUntil, row.KeepBy, row.KeepSince) = (wish.Until, http.User.MemberId(), time.Now());
        row.KeepReason = SealedText.Seal(key, row.TenantId, row.RecordingId, RecordingDisposal.KeepReasonColumn, wish.Reason);
        row.RecordingVersion = null;
        if (before > wish.Until)
            await EndObligationAsync(row, cancellationToken);
        await audit.AppendAsync(
            new AuditEntry(Kept, http.Actor(), AuditTargetKind.Recording, row.RecordingId) { Fields = [("until", Text(wish.Until)), ("before", before is { } was ? Text(was) : null), ("why", wish.Reason)] }, cancellationToken);
    }

    /// <summary>A person's word ends what a person's word obliged to, and no rule's; nor anything of what is on hold.</summary>
    private async Task EndObligationAsync(RecordingDisposal row, CancellationToken cancellationToken)
    {
        if (row.ObligationId is null && !await db.LegalHolds.AnyAsync(hold => hold.RecordingId == row.RecordingId && hold.LiftedAt == null, cancellationToken))
            row.ObligedUntil = null;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
