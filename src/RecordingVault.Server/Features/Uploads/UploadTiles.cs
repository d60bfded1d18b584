using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>What the library's tiles say of files that are still arriving: confirmed bytes only.</summary>
internal sealed class UploadTiles(VaultDbContext db, TimeProvider time) : ITileDetails
{
    /// <summary>Parts are acknowledged each second, or when nothing has come for a while.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ShortestMeasure = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyDictionary<Guid, Func<LibraryTile, LibraryTile>>> ForAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var arriving = await db.Uploads.AsNoTracking()
            .Where(upload => recordingIds.Contains(upload.RecordingId) && upload.State == UploadState.Receiving)
            .OrderBy(upload => upload.Id)
            .Select(upload => new { upload.RecordingId, upload.ReceivedBytes, upload.DeclaredLength, upload.CreatedAt, upload.ExpiresAt })
            .ToListAsync(cancellationToken);
        var details = new Dictionary<Guid, Func<LibraryTile, LibraryTile>>();
        var now = time.GetUtcNow();
        foreach (var upload in arriving)
        {
            // Each byte that counts puts the end of an upload's life off.
            var lastAt = upload.ExpiresAt - Upload.Lifetime;
            var left = Left(upload.ReceivedBytes, upload.DeclaredLength, lastAt - upload.CreatedAt);
            details.TryAdd(
                upload.RecordingId,
                tile => tile.Receiving is null ? tile : tile with { Receiving = new TileReceiving(upload.ReceivedBytes, upload.DeclaredLength) { Left = left, StandsStill = now - lastAt > Silence } });
        }

        return details;
    }

    /// <summary>As fast as until now, pauses and all; null while nothing can be said.</summary>
    private static TimeSpan? Left(long received, long? expected, TimeSpan took) =>
        received > 0 && expected is { } whole && took >= ShortestMeasure ? took * ((double)(whole - received) / received) : null;
}
