using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>The uploads that brought a recording belong to its activity, as long as their rows are kept.</summary>
internal sealed class UploadsOfRecording(VaultDbContext db) : ITargetKin
{
    public async Task<IReadOnlyList<Guid>> OfAsync(Guid target, CancellationToken cancellationToken) =>
        await db.Uploads.AsNoTracking().Where(upload => upload.RecordingId == target).Select(upload => upload.Id).ToListAsync(cancellationToken);
}
