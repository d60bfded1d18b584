using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Retention.Dates;

internal sealed class RecordingKeeping(VaultDbContext db, DateReckoning reckoning, HoldReading holds, HoldRows liftedHolds, OwnScheduleRows ownSchedules, TimeProvider time) : IRecordingKeeping
{
    public Task<Problem?> HoldAsync(Guid recordingId, CancellationToken cancellationToken) => holds.RefusalAsync(recordingId, cancellationToken);

    public Task<IReadOnlyDictionary<Guid, RecordingHold>> HoldsAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken) => holds.OfAsync(recordingIds, cancellationToken);

    public async Task<Problem?> DestructionAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if (await HoldAsync(recordingId, cancellationToken) is { } held)
            return held;
        return await reckoning.NowAsync(recordingId, cancellationToken) is { KeptUntil: { } until } && until > time.Now() ? RetentionProblems.Obliged(until) : null;
    }

    public Task<int> LiftedHoldsAsync(Guid recordingId, CancellationToken cancellationToken) => db.LegalHolds.CountAsync(hold => hold.RecordingId == recordingId && hold.LiftedAt != null, cancellationToken);

    public Task ForgetDateAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.RecordingDisposals.Where(row => row.RecordingId == recordingId && row.RecordingVersion != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.RecordingVersion, (int?)null), cancellationToken);

    public Task ForgetNoticeAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken) =>
        db.RecordingDisposals.Where(row => recordingIds.Contains(row.RecordingId) && row.WarnedAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, (DateTimeOffset?)null), cancellationToken);

    public async Task CarryAsync(Guid fromId, Guid toId, Guid memberId, OwnerKey key, CancellationToken cancellationToken)
    {
        var now = time.Now();
        if (await reckoning.NowAsync(fromId, cancellationToken) is not { KeptUntil: { } until } date || until <= now || (await reckoning.NowAsync(toId, cancellationToken))?.KeptUntil >= until)
            return;
        var row = await db.RecordingDisposals.SingleOrDefaultAsync(row => row.RecordingId == toId, cancellationToken);
        if (row is null)
            db.RecordingDisposals.Add(row = new RecordingDisposal { TenantId = db.TenantId, RecordingId = toId });
        (row.ObligedUntil, row.ObligationId, row.RecordingVersion) = (until, date.ObligationId, null);
        // What a rule obliges to is no person's word, which a person could end.
        if (date.ObligationId is not null)
            return;
        (row.KeepUntil, row.KeepBy, row.KeepSince) = (until, memberId, now);
        row.KeepReason = SealedText.Seal(key, row.TenantId, toId, RecordingDisposal.KeepReasonColumn, "Files came from a recording that is kept until then.");
    }

    public async Task LetGoAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await liftedHolds.DeleteAsync(recordingId, cancellationToken);
        await ownSchedules.DeleteAsync(recordingId, cancellationToken);
    }

    public async Task<KeepingOnCard> ReckonAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        // Where no rule is and nobody ever said anything of it, there is nothing to reckon.
        if (await db.RetentionSchedules.AnyAsync(cancellationToken) || await db.RecordingDisposals.AnyAsync(row => row.RecordingId == recordingId, cancellationToken))
            await reckoning.WriteAsync([recordingId], cancellationToken);
        return await OnCardAsync(recordingId, cancellationToken);
    }

    public async Task<KeepingOnCard> OnCardAsync(Guid recordingId, CancellationToken cancellationToken) => new(
        await holds.IsHeldAsync(recordingId, cancellationToken),
        await db.RecordingDisposals.AsNoTracking().Where(row => row.RecordingId == recordingId).Select(row => row.DisposeAt).SingleOrDefaultAsync(cancellationToken));
}
