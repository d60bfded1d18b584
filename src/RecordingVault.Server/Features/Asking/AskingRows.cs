using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Asking;

/// <summary>Who was asked about a recording, and the receipts. That they were stands in the log.</summary>
internal sealed class AskingRows(VaultDbContext db) : IRecordingRows
{
    public async Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        await db.ConsentReceipts.Where(receipt => receipt.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
        await db.ConsentRequests.Where(request => request.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
    }
}
