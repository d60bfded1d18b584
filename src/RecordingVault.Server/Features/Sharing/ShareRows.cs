using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Links, and who watched by them. That they were stands in the log.</summary>
internal sealed class ShareRows(VaultDbContext db) : IRecordingRows
{
    public async Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await db.Viewings.Where(viewing => viewing.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
        await db.Shares.Where(share => share.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
    }
}
