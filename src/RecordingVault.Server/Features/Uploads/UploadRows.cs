using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>Uploads of a recording, finished and not; their segments go with them, in rows here and as objects with the recording's others.</summary>
internal sealed class UploadRows(VaultDbContext db) : IRecordingRows
{
    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.Uploads.Where(upload => upload.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
}
