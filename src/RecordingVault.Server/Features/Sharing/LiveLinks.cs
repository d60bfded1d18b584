using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The links that open something now: not stopped, not over, and to a recording that is neither in the trash nor being destroyed.</summary>
internal sealed class LiveLinks(VaultDbContext db, TimeProvider time) : ILiveLinks
{
    public IQueryable<Share> Rows()
    {
        var now = time.Now();
        return db.Shares.AsNoTracking().Where(share => share.StoppedAt == null && share.ExpiresAt > now
            && db.Recordings.Any(recording => recording.Id == share.RecordingId && recording.TrashedAt == null && !recording.IsBeingDestroyed));
    }

    public IQueryable<Guid> Recordings() => Rows().Select(share => share.RecordingId);
}
