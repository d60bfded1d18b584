using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// Whether a link was opened: somebody proved its secret, and its passcode where it has one. The log says so, which misses no opening; a viewing is more, and begins when something is played.
/// Every page and answer that tells of it asks here.
/// </summary>
internal sealed class LinkOpenings(VaultDbContext db)
{
    public const string EventType = "share.opened";

    /// <summary>When each of these was opened last; who is missing never was.</summary>
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> LastAsync(IReadOnlyCollection<Guid> shareIds, CancellationToken cancellationToken)
    {
        var rows = await db.AuditEvents.AsNoTracking()
            .Where(line => line.TargetId != null && shareIds.Contains(line.TargetId.Value) && line.Type == EventType)
            .GroupBy(line => line.TargetId!.Value)
            .Select(group => new { ShareId = group.Key, At = group.Max(line => line.Time) })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(row => row.ShareId, row => row.At);
    }

    /// <summary>Those that nobody ever opened.</summary>
    public IQueryable<Share> Never(IQueryable<Share> shares) => shares.Where(share => !db.AuditEvents.Any(line => line.TargetId == share.Id && line.Type == EventType));
}
