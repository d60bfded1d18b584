using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>The titles that recordings have now, for the log's page: events name a recording by id only.</summary>
internal sealed class RecordingTitles(VaultDbContext db, TenantKeys keys) : ITargetNames
{
    public async Task<IReadOnlyDictionary<Guid, string>> OfAsync(IReadOnlyCollection<Guid> targets, CancellationToken cancellationToken)
    {
        var rows = await db.Recordings.AsNoTracking().Where(recording => targets.Contains(recording.Id) && !recording.IsBeingDestroyed)
            .Select(recording => new { recording.TenantId, recording.Id, recording.Title }).ToListAsync(cancellationToken);
        await keys.OpenRecordingKeysAsync(rows.Select(row => row.Id), cancellationToken);
        var titles = new Dictionary<Guid, string>();
        foreach (var row in rows)
        {
            using var key = await keys.RecordingKeyAsync(row.Id, cancellationToken);
            titles[row.Id] = row.Title.Open(key, row.TenantId, row.Id, Recording.TitleColumn);
        }

        return titles;
    }
}
