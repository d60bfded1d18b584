using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Releases of a recording; their events stay in the log.</summary>
internal sealed class ReleaseRows(VaultDbContext db) : IRecordingRows
{
    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.Releases.Where(release => release.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
}
