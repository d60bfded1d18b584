using System.Text;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The links of the tenant that were made for one person. The names are sealed, each under its recording's key, so those that are open are read and compared here.</summary>
internal sealed class RecipientLinks(VaultDbContext db, TenantKeys keys, AuditLog audit, StopShares.ShareStopping stopping)
{
    /// <summary>So many names are read at a time.</summary>
    internal const int AtOnce = 200;

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

    /// <summary>Those that stopping would stop. However many links there are, so many names at a time are open.</summary>
    public async Task<HashSet<Guid>> FindOpenAsync(string recipientName, CancellationToken cancellationToken)
    {
        HashSet<Guid> found = [];
        Guid? last = null;
        while (true)
        {
            var page = last is { } behind ? Named().Where(share => share.Id.CompareTo(behind) > 0) : Named();
            var shares = await page.OrderBy(share => share.Id).Take(AtOnce).ToListAsync(cancellationToken);
            found.UnionWith((await OpenAsync(shares, cancellationToken)).Where(share => IsSame(share.Name, recipientName)).Select(share => share.Id));
            if (shares.Count < AtOnce)
                return found;
            last = shares[^1].Id;
        }
    }

    /// <summary>For whom links to recordings in the trash are open: they open nothing now, and stopping stops them too. Null where they are more than a page should read.</summary>
    public async Task<IReadOnlyCollection<string>?> NamesInTrashAsync(CancellationToken cancellationToken)
    {
        var shares = await Named().Where(share => db.Recordings.Any(recording => recording.Id == share.RecordingId && recording.TrashedAt != null))
            .OrderBy(share => share.Id).Take(AtOnce).ToListAsync(cancellationToken);
        return shares.Count == AtOnce ? null : [.. (await OpenAsync(shares, cancellationToken)).Select(share => share.Name)];
    }

    /// <returns>How many were not stopped before.</returns>
    public async Task<int> StopAsync(string recipientName, Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        // All names are read before the tenant's turn is taken, which holds up every other change; in it only those of links that were made or changed meanwhile, so that none is missed.
        var seen = await db.AuditEvents.MaxAsync(line => (long?)line.Number, cancellationToken) ?? 0;
        var found = await FindOpenAsync(recipientName, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        foreach (var changed in (await ChangedSinceAsync(seen, cancellationToken)).Chunk(AtOnce))
        {
            found.ExceptWith(changed);
            var shares = await Named().Where(share => changed.Contains(share.Id)).ToListAsync(cancellationToken);
            found.UnionWith((await OpenAsync(shares, cancellationToken)).Where(share => IsSame(share.Name, recipientName)).Select(share => share.Id));
        }

        var stopped = await stopping.StopWithinAsync(shares => shares.Where(share => found.Contains(share.Id)), memberId, actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stopped;
    }

    /// <summary>Links that the log tells of since then: whoever makes or changes one says so in the same transaction.</summary>
    private async Task<IReadOnlyList<Guid>> ChangedSinceAsync(long number, CancellationToken cancellationToken) =>
        await db.AuditEvents.AsNoTracking().Where(line => line.Number > number && line.TargetKind == AuditTargetKind.Share && line.TargetId != null)
            .Select(line => line.TargetId!.Value).Distinct().ToListAsync(cancellationToken);

    /// <summary>Their names in clear, without those of recordings that were destroyed just now.</summary>
    private async Task<IReadOnlyList<(Guid Id, string Name)>> OpenAsync(IReadOnlyCollection<NamedLink> shares, CancellationToken cancellationToken)
    {
        await keys.OpenRecordingKeysAsync(shares.Select(share => share.RecordingId), cancellationToken);
        List<(Guid, string)> names = new(shares.Count);
        foreach (var share in shares)
        {
            try
            {
                using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
                names.Add((share.Id, share.RecipientName.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn)));
            }
            catch (KeyDestroyedException)
            {
                // It opens nothing. The others are to be stopped all the same.
            }
        }

        return names;
    }

    /// <summary>What stopping all would stop, as far as it has a name.</summary>
    private IQueryable<NamedLink> Named() => stopping.Open(recordingId: null)(Readable()).Where(share => share.RecipientName != null)
        .Select(share => new NamedLink { Id = share.Id, TenantId = share.TenantId, RecordingId = share.RecordingId, RecipientName = share.RecipientName!.Value });

    /// <summary>What is being destroyed has no key any more that could open its names, and opens nothing.</summary>
    private IQueryable<Share> Readable() => db.Shares.AsNoTracking().Where(share => db.Recordings.Any(recording => recording.Id == share.RecordingId && !recording.IsBeingDestroyed));

    private static string Fold(string name) => name.Trim().Normalize(NormalizationForm.FormC);

    private sealed record NamedLink
    {
        public required Guid Id { get; init; }
        public required Guid TenantId { get; init; }
        public required Guid RecordingId { get; init; }
        public required SealedText RecipientName { get; init; }
    }
}
