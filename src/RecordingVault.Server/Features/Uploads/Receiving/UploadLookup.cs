using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>Finds an upload for the member who began it. To everybody else, of this tenant or another, it is not there (security.md 10).</summary>
internal sealed class UploadLookup(VaultDbContext db, TimeProvider time)
{
    /// <summary>The upload as the row stands now, tracked; or why it can't be used.</summary>
    public async Task<(Upload? Upload, Problem? Problem)> FindAsync(Guid id, Guid memberId, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear(); // what was read before a wait for the turn may be old
        if (await db.Uploads.SingleOrDefaultAsync(upload => upload.Id == id && upload.MemberId == memberId, cancellationToken) is { } upload)
            return upload.IsGone(time.Now()) ? (null, UploadProblems.Ended) : (upload, null);
        var wasEnded = await db.EndedUploads.AnyAsync(ended => ended.Id == id && ended.MemberId == memberId, cancellationToken);
        return (null, wasEnded ? UploadProblems.Ended : Problem.NotFound);
    }
}
