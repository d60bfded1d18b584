using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <summary>Which holds stand. Asked behind the tenant's turn the answer holds until the transaction ends, since whoever sets a hold takes that turn.</summary>
internal sealed class HoldReading(VaultDbContext db, TenantKeys keys)
{
    public Task<bool> IsHeldAsync(Guid recordingId, CancellationToken cancellationToken) => db.LegalHolds.AnyAsync(hold => hold.RecordingId == recordingId && hold.LiftedAt == null, cancellationToken);

    /// <summary>Null where nothing holds it.</summary>
    public async Task<Problem?> RefusalAsync(Guid recordingId, CancellationToken cancellationToken) =>
        (await OfAsync([recordingId], cancellationToken)).GetValueOrDefault(recordingId) is { } held ? RetentionProblems.OnHold([.. held.Matters.Select(matter => matter.Name)], held.Since) : null;

    /// <summary>Only those of them that are held: one query, however many are asked for.</summary>
    public async Task<IReadOnlyDictionary<Guid, RecordingHold>> OfAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var standing = await db.LegalHolds.AsNoTracking().Where(hold => recordingIds.Contains(hold.RecordingId) && hold.LiftedAt == null)
            .Join(db.Matters, hold => hold.MatterId, matter => matter.Id, (hold, matter) => new { hold.RecordingId, hold.SetAt, matter.Id, matter.Name }).ToListAsync(cancellationToken);
        if (standing.Count == 0)
            return new Dictionary<Guid, RecordingHold>();
        using var key = await keys.DataKeyAsync(cancellationToken);
        var names = standing.DistinctBy(hold => hold.Id).ToDictionary(hold => hold.Id, hold => hold.Name.Open(key, db.TenantId, hold.Id, Matter.NameColumn));
        return standing.GroupBy(hold => hold.RecordingId).ToDictionary(holds => holds.Key, holds => new RecordingHold(
            [.. holds.OrderBy(hold => hold.SetAt).ThenBy(hold => hold.Id).Select(hold => new HeldFor(hold.Id, names[hold.Id], hold.SetAt))], holds.Min(hold => hold.SetAt)));
    }
}
