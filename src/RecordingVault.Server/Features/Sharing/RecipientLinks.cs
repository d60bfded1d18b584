using System.Text;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The links of the tenant that were made for one person. The names are sealed, each under its recording's key, so all that are open are read and compared here.</summary>
internal sealed class RecipientLinks(VaultDbContext db, TenantKeys keys, AuditLog audit, StopShares.ShareStopping stopping)
{
    /// <summary>Whether two links are for the same person, as far as their makers wrote it alike: case and the blanks around it do not count.</summary>
    public static bool IsSame(string left, string right) => string.Equals(Fold(left), Fold(right), StringComparison.OrdinalIgnoreCase);

    /// <summary>For whom a link is; null where it is for nobody in particular, or where the tenant has no such link that could be read.</summary>
    public async Task<string?> NameOfAsync(Guid shareId, CancellationToken cancellationToken)
    {
        if (await Readable().SingleOrDefaultAsync(share => share.Id == shareId, cancellationToken) is not { RecipientName: { } name } share)
            return null;
        using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
        return name.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn);
    }

    /// <summary>Those that stopping would stop.</summary>
    public async Task<List<Guid>> FindOpenAsync(string recipientName, CancellationToken cancellationToken)
    {
        var named = await stopping.Open(recordingId: null)(Readable()).Where(share => share.RecipientName != null)
            .Select(share => new { share.Id, share.TenantId, share.RecordingId, share.RecipientName }).ToListAsync(cancellationToken);
        await keys.OpenRecordingKeysAsync(named.Select(share => share.RecordingId), cancellationToken);
        List<Guid> found = [];
        foreach (var share in named)
        {
            try
            {
                using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
                if (IsSame(share.RecipientName!.Value.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn), recipientName))
                    found.Add(share.Id);
            }
            catch (KeyDestroyedException)
            {
                // Its recording was destroyed just now, and it opens nothing. The others are to be stopped all the same.
            }
        }

        return found;
    }

    /// <returns>How many were not stopped before.</returns>
    public async Task<int> StopAsync(string recipientName, Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Before they are looked for, so that a link that is made or renamed at the same time is not missed.
        await audit.TakeTurnAsync(cancellationToken);
        var ids = await FindOpenAsync(recipientName, cancellationToken);
        var stopped = await stopping.StopWithinAsync(shares => shares.Where(share => ids.Contains(share.Id)), memberId, actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stopped;
    }

    /// <summary>What is being destroyed has no key any more that could open its names, and opens nothing.</summary>
    private IQueryable<Share> Readable() => db.Shares.AsNoTracking().Where(share => db.Recordings.Any(recording => recording.Id == share.RecordingId && !recording.IsBeingDestroyed));

    private static string Fold(string name) => name.Trim().Normalize(NormalizationForm.FormC);
}
