using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>
/// The tenant's room, counted from what is there and not from what was announced (security.md 10). A part claims a sixteenth of what is left, at
/// least a segment, and measures again when it used that up: so a vault with much room seldom measures, and one with little is exact.
/// </summary>
internal sealed class UploadRoom(VaultDbContext db, RoomClaims claims, IOptions<VaultOptions> options)
{
    private const int Parts = 16;

    public long MaxLength => options.Value.Uploads.MaxLength;

    /// <summary>Bytes that one tenant may keep; null where there is no limit.</summary>
    public long? Quota => options.Value.Uploads.QuotaPerTenant is > 0 and var quota ? quota : null;

    /// <summary>Bytes that the rows leave; null where there is no quota. Negative when other nodes took more meanwhile.</summary>
    public async Task<long?> LeftByRowsAsync(CancellationToken cancellationToken)
    {
        if (Quota is not { } quota)
            return null;
        // In this order: an upload that is finished in between is counted twice rather than not at all.
        var arriving = await db.Uploads.Where(upload => upload.State != UploadState.Finished).SumAsync(upload => upload.ReceivedBytes, cancellationToken);
        var kept = await db.Recordings.SumAsync(recording => recording.SizeInBytes, cancellationToken);
        return quota - kept - arriving;
    }

    /// <summary>Claims at most so many bytes for a part, and returns how many; 0 when nothing is left.</summary>
    public async Task<long> ClaimAsync(long most, CancellationToken cancellationToken)
    {
        var released = claims.ReleasedBy(db.TenantId);
        var left = await LeftByRowsAsync(cancellationToken) ?? throw new InvalidOperationException("Without a quota nothing is claimed.");
        return claims.Take(db.TenantId, left, released, free => Math.Min(most, Math.Max(SegmentBuffer.Capacity, free / Parts)));
    }

    public void Release(long bytes) => claims.Release(db.TenantId, bytes);
}
