using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>The tenant's room, counted from what is there and not from what was announced (security.md 10).</summary>
internal sealed class UploadRoom(VaultDbContext db, IOptions<VaultOptions> options)
{
    public long MaxLength => options.Value.Uploads.MaxLength;

    /// <summary>Bytes that the tenant may still bring; null where there is no quota.</summary>
    public async Task<long?> LeftAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Uploads.QuotaPerTenant is not (> 0 and var quota))
            return null;
        var kept = await db.Recordings.SumAsync(recording => recording.SizeInBytes, cancellationToken);
        var arriving = await db.Uploads.Where(upload => upload.State != UploadState.Finished).SumAsync(upload => upload.ReceivedBytes, cancellationToken);
        return Math.Max(0, quota - kept - arriving);
    }
}
