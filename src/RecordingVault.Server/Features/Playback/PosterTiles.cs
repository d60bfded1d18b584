using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Where the pictures of a page of tiles are. Whether the reader may see each is decided when it is fetched.</summary>
internal sealed class PosterTiles(VaultDbContext db) : ITileDetails
{
    public async Task<IReadOnlyDictionary<Guid, Func<LibraryTile, LibraryTile>>> ForAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var made = await db.RecordingAssets.AsNoTracking()
            .Where(asset => recordingIds.Contains(asset.RecordingId) && (asset.Role == ObjectRole.Poster || asset.Role == ObjectRole.OriginalSegment))
            .OrderBy(asset => asset.Id).Select(asset => new { asset.Id, asset.RecordingId, asset.Role, asset.DerivedFrom }).ToListAsync(cancellationToken);
        // The picture of the original that lists tell of.
        var main = made.Where(asset => asset.Role == ObjectRole.OriginalSegment).GroupBy(asset => asset.RecordingId).ToDictionary(group => group.Key, group => group.First().Id);
        var pictured = made.Where(asset => asset.Role == ObjectRole.Poster && main.TryGetValue(asset.RecordingId, out var original) && asset.DerivedFrom == original)
            .Select(asset => asset.RecordingId).Distinct().ToList();
        var list = ListPictures.Write(pictured);
        return pictured.ToDictionary(id => id, id => (Func<LibraryTile, LibraryTile>)(tile => tile with { Poster = $"/api/v1/recordings/{id}/poster?list={list}" }));
    }
}
