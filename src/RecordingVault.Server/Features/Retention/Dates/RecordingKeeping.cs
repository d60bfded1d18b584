using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Dates;

internal sealed class RecordingKeeping(VaultDbContext db, DateReckoning reckoning, HoldReading holds, TimeProvider time) : IRecordingKeeping
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

    public async Task<KeepingOnCard> ReckonAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await reckoning.WriteAsync([recordingId], cancellationToken);
        var row = await db.RecordingDisposals.AsNoTracking().SingleOrDefaultAsync(row => row.RecordingId == recordingId, cancellationToken);
        return new KeepingOnCard(await holds.IsHeldAsync(recordingId, cancellationToken), row?.DisposeAt);
    }
}
