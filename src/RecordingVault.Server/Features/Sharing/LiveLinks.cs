using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The links that open something now: not stopped, not over, and to a recording that is neither in the trash nor being destroyed.</summary>
internal sealed class LiveLinks(VaultDbContext db, TimeProvider time) : ILiveLinks
{
    /// <summary>Who reads by a link that is stopped is cut off within five seconds.</summary>
    public static readonly TimeSpan CutOff = TimeSpan.FromSeconds(15);

    public IQueryable<Share> Rows()
    {
        var now = time.Now();
        return db.Shares.AsNoTracking().Where(share => share.StoppedAt == null && share.ExpiresAt > now
            && db.Recordings.Any(recording => recording.Id == share.RecordingId && recording.TrashedAt == null && !recording.IsBeingDestroyed));
    }

    public IQueryable<Guid> Recordings() => Rows().Select(share => share.RecordingId);

    public IQueryable<Guid> Links() => Rows().Select(share => share.Id);

    public IQueryable<Guid> LinksLately()
    {
        var since = time.Now() - CutOff;
        return db.Shares.AsNoTracking().Where(share => (share.StoppedAt == null || share.StoppedAt > since) && share.ExpiresAt > since
            && db.Recordings.Any(recording => recording.Id == share.RecordingId && (recording.TrashedAt == null || recording.TrashedAt > since) && !recording.IsBeingDestroyed)).Select(share => share.Id);
    }
}
