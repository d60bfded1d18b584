using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A recording's links belong to its activity.</summary>
internal sealed class SharesOfRecording(VaultDbContext db) : ITargetKin
{
    public async Task<IReadOnlyList<Guid>> OfAsync(Guid target, CancellationToken cancellationToken) =>
        await db.Shares.AsNoTracking().Where(share => share.RecordingId == target).Select(share => share.Id).ToListAsync(cancellationToken);
}
