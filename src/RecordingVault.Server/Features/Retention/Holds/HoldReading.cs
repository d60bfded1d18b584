using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <summary>Which holds stand. Asked behind the tenant's turn the answer holds until the transaction ends, since whoever sets a hold takes that turn.</summary>
internal sealed class HoldReading(VaultDbContext db, TenantKeys keys)
{
    public Task<bool> IsHeldAsync(Guid recordingId, CancellationToken cancellationToken) => db.LegalHolds.AnyAsync(hold => hold.RecordingId == recordingId && hold.LiftedAt == null, cancellationToken);

    /// <summary>Null where nothing holds it.</summary>
    public async Task<Problem?> RefusalAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var standing = await db.LegalHolds.AsNoTracking().Where(hold => hold.RecordingId == recordingId && hold.LiftedAt == null)
            .Join(db.Matters, hold => hold.MatterId, matter => matter.Id, (hold, matter) => new { hold.SetAt, matter.Id, matter.Name }).ToListAsync(cancellationToken);
        if (standing.Count == 0)
            return null;
        using var key = await keys.DataKeyAsync(cancellationToken);
        var names = standing.OrderBy(hold => hold.SetAt).Select(hold => hold.Name.Open(key, db.TenantId, hold.Id, Matter.NameColumn)).ToList();
        return RetentionProblems.OnHold(names, standing.Min(hold => hold.SetAt));
    }
}
