using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>What the library's tiles say of files that are still arriving: confirmed bytes only.</summary>
internal sealed class UploadTiles(VaultDbContext db) : ITileDetails
{
    public async Task<IReadOnlyDictionary<Guid, Func<LibraryTile, LibraryTile>>> ForAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var arriving = await db.Uploads.AsNoTracking()
            .Where(upload => recordingIds.Contains(upload.RecordingId) && upload.State == UploadState.Receiving)
            .OrderBy(upload => upload.Id)
            .Select(upload => new { upload.RecordingId, upload.ReceivedBytes, upload.DeclaredLength })
            .ToListAsync(cancellationToken);
        var details = new Dictionary<Guid, Func<LibraryTile, LibraryTile>>();
        foreach (var upload in arriving)
            details.TryAdd(upload.RecordingId, tile => tile.Receiving is null ? tile : tile with { Receiving = new TileReceiving(upload.ReceivedBytes, upload.DeclaredLength) });
        return details;
    }
}
