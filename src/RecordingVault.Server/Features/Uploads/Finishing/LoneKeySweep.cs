using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Finishing;

/// <summary>
/// Deletes keys of recordings that never were: a process that dies between the put of a key and the commit of its recording leaves one object. Only
/// where no row knows it and nothing else lies beside it, a day later. Where anything lies beside it the database may be older than the store
/// (a restored one): that is recovered, not swept.
/// </summary>
internal sealed class LoneKeySweep(VaultDbContext db, SealedStore store, TenantKeys keys, TimeProvider time)
{
    private const int PageLength = 500;
    private static readonly TimeSpan LongestHeld = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Listed first: what is committed while we look is then known.
        var page = new List<Guid>(PageLength);
        await foreach (var recordingId in store.ListRecordingIdsAsync(db.TenantId, cancellationToken))
        {
            page.Add(recordingId);
            if (page.Count < PageLength)
                continue;
            await SweepAsync(page, cancellationToken);
            page.Clear();
        }

        await SweepAsync(page, cancellationToken);
    }

    private async Task SweepAsync(List<Guid> listed, CancellationToken cancellationToken)
    {
        var before = time.Now() - LongestHeld;
        var known = await db.KeyWraps.Where(wrap => wrap.Kind == KeyKind.Recording && listed.Contains(wrap.OwnerId)).Select(wrap => wrap.OwnerId).ToHashSetAsync(cancellationToken);
        known.UnionWith(await db.Recordings.Where(recording => listed.Contains(recording.Id)).Select(recording => recording.Id).ToListAsync(cancellationToken));
        foreach (var recordingId in listed.Where(id => !known.Contains(id)))
        {
            if (await store.HoldsOldKeysOnlyAsync(KeyKind.Recording, db.TenantId, recordingId, before, cancellationToken))
                await keys.DeleteRecordingKeyObjectsAsync(recordingId, cancellationToken);
        }
    }
}
