using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// The same file twice. Told on the later recording, as long as the earlier one is not in the trash and nobody said that both are wanted. Found by a keyed digest of
/// the content, inside one tenant (security.md 3).
/// </summary>
internal sealed class Duplicates(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time) : ITileDetails
{
    /// <summary>The earlier recording of each that has one.</summary>
    public async Task<IReadOnlyDictionary<Guid, Guid>> FindAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var pairs = await (
            from asset in db.RecordingAssets
            join recording in db.Recordings on asset.RecordingId equals recording.Id
            join other in db.RecordingAssets on asset.ContentKey equals other.ContentKey
            join earlier in db.Recordings on other.RecordingId equals earlier.Id
            where recordingIds.Contains(recording.Id) && asset.ContentKey != null && recording.KeptBothAt == null
                && earlier.Id.CompareTo(recording.Id) < 0 && earlier.TrashedAt == null && !earlier.IsBeingDestroyed
            select new { Later = recording.Id, Earlier = earlier.Id }).AsNoTracking().ToListAsync(cancellationToken);
        return pairs.GroupBy(pair => pair.Later).ToDictionary(same => same.Key, same => same.Min(pair => pair.Earlier));
    }

    public async Task<IReadOnlyDictionary<Guid, Func<LibraryTile, LibraryTile>>> ForAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var details = new Dictionary<Guid, Func<LibraryTile, LibraryTile>>();
        var pairs = await FindAsync(recordingIds, cancellationToken);
        if (pairs.Count == 0)
            return details;
        var wanted = pairs.Values.Distinct().ToList();
        var found = await db.Recordings.AsNoTracking().Where(recording => wanted.Contains(recording.Id) && !recording.IsBeingDestroyed)
            .ToDictionaryAsync(recording => recording.Id, cancellationToken);
        await keys.OpenRecordingKeysAsync(found.Keys, cancellationToken);
        foreach (var (later, earlier) in pairs)
        {
            // Destroyed since it was found: then there is nothing to tell.
            if (!found.TryGetValue(earlier, out var recording) || await TryKeyAsync(earlier, cancellationToken) is not { } opened)
                continue;
            using var key = opened;
            var same = new TileDuplicate(earlier, recording.Title.Open(key, recording.TenantId, earlier, Recording.TitleColumn), recording.UploadedAt ?? recording.CreatedAt);
            details[later] = tile => tile with { Duplicate = same };
        }

        return details;
    }

    private async Task<OwnerKey?> TryKeyAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.RecordingKeyAsync(recordingId, cancellationToken);
        }
        catch (KeyDestroyedException)
        {
            return null;
        }
    }

    /// <summary>Both are wanted: nothing is said of it any more. Null when that stands.</summary>
    public async Task<Problem?> KeepAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Who else is about to change the row comes before this, or sees what came of it.
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { IsBeingDestroyed: false } recording)
            return Problem.NotFound;
        if (recording.KeptBothAt is not null)
            return null;
        recording.KeptBothAt = time.Now();
        recording.Touch();
        await audit.AppendAsync(new AuditEntry("recording.kept-both", actor, AuditTargetKind.Recording, id), cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problem.ChangedMeanwhile;
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
