using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>What the library's tiles say of links and of who watched, for one page of tiles, by as many queries however many tiles it has.</summary>
internal sealed class ShareTiles(VaultDbContext db, TenantKeys keys, LinkOpenings openings, TimeProvider time) : ITileDetails
{
    public async Task<IReadOnlyDictionary<Guid, Func<LibraryTile, LibraryTile>>> ForAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var live = (await db.Shares.AsNoTracking()
            .Where(share => recordingIds.Contains(share.RecordingId) && share.StoppedAt == null && share.ExpiresAt > now)
            .Select(share => new { share.RecordingId, share.Id }).ToListAsync(cancellationToken)).ToLookup(share => share.RecordingId, share => share.Id);
        var opened = await openings.LastAsync([.. live.SelectMany(group => group)], cancellationToken);
        var watched = await db.Viewings.AsNoTracking()
            .Where(viewing => recordingIds.Contains(viewing.RecordingId) && viewing.StartedAt != null)
            .GroupBy(viewing => new { viewing.RecordingId, viewing.ShareId })
            .Select(group => new { group.Key.RecordingId, group.Key.ShareId, LastAt = group.Max(viewing => viewing.LastSeenAt), Played = group.Max(viewing => viewing.PlayedShare) })
            .ToListAsync(cancellationToken);

        var details = new Dictionary<Guid, Func<LibraryTile, LibraryTile>>();
        var links = watched.ToLookup(link => link.RecordingId);
        var names = await RecipientsAsync([.. links.Select(group => group.MaxBy(link => link.LastAt)!.ShareId)], cancellationToken);
        foreach (var id in live.Select(group => group.Key).Union(links.Select(group => group.Key)))
        {
            var last = links[id].MaxBy(link => link.LastAt);
            var watching = new TileWatching(live[id].Count(), links[id].Count(), last is null ? null : names.GetValueOrDefault(last.ShareId), Percent(last?.Played ?? 0))
            {
                OpenedLinks = live[id].Count(opened.ContainsKey),
            };
            details[id] = tile => tile with { Watching = watching };
        }

        return details;
    }

    public static int Percent(double share) => (int)Math.Floor(Math.Clamp(share, 0, 1) * 100);

    private async Task<Dictionary<Guid, string>> RecipientsAsync(IReadOnlyCollection<Guid> shareIds, CancellationToken cancellationToken)
    {
        var shares = await db.Shares.AsNoTracking().Where(share => shareIds.Contains(share.Id) && share.RecipientName != null).ToListAsync(cancellationToken);
        await keys.OpenRecordingKeysAsync(shares.Select(share => share.RecordingId), cancellationToken);
        var names = new Dictionary<Guid, string>();
        foreach (var share in shares)
        {
            using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
            names[share.Id] = share.RecipientName!.Value.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn);
        }

        return names;
    }
}
