using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>Every minute: destroys copies whose link is over or wants none, has those made anew that say what is no longer so, and finds those that nobody has made.</summary>
internal sealed class SweepCopiesJob(SystemScope system, MediaSandbox sandbox, JobQueue queue, JobEdge edge) : ISystemJob
{
    private const int AtOnce = 50;

    public static string Name => "sweep-copies";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var canDraw = await sandbox.CanDrawAsync();
        // What was nudged is not nudged again each minute for as long as somebody's film is encoded.
        var nudges = canDraw && !queue.IsWaitedFor(JobQueue.Renditions);
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                var sweep = scope.ServiceProvider.GetRequiredService<CopySweep>();
                await sweep.DestroyAsync(cancellationToken);
                await sweep.AwaitOutdatedAsync(cancellationToken);
                var rows = scope.ServiceProvider.GetRequiredService<CopyRows>();
                await rows.GiveUpSpentAsync(cancellationToken);
                if (!nudges)
                    return;
                foreach (var copyId in await rows.Due().OrderBy(copy => copy.Id).Take(AtOnce).Select(copy => copy.Id).ToListAsync(cancellationToken))
                    queue.Nudge<CopyJob>(tenantId, copyId);
            });
        }
    }
}

/// <summary>The same for one tenant.</summary>
internal sealed class CopySweep(VaultDbContext db, ILiveLinks links, TenantKeys keys, SealedStore store, CopyRows rows, UsageReading usage, JobEdge edge, TimeProvider time)
{
    private const int PageLength = 200;

    /// <summary>For so long a row stays that nobody wants: as long as it names the recording, what a killed worker left there is looked for.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(3);

    /// <summary>
    /// Copies of links that have been over for a moment, those that have not been wanted for one, and those of a film that is not in the recording any more. A link that opens again has another
    /// one made. What fails for one does not keep the others waiting.
    /// </summary>
    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        var (live, now) = (links.LinksLately(), time.Now());
        for (var after = Guid.Empty; ;)
        {
            var page = await db.RecipientCopies.AsNoTracking()
                .Where(copy => copy.Id.CompareTo(after) > 0 && copy.AssetId != null
                    && (copy.IsWanted
                        ? !live.Contains(copy.Id) || ((copy.State == ProcessingState.Waiting || copy.State == ProcessingState.Failed) && !db.RecordingAssets.Any(asset => asset.Id == copy.MadeOf && asset.RecordingId == copy.RecordingId))
                        : copy.NotBefore == null || copy.NotBefore <= now)
                    && db.Recordings.Any(recording => recording.Id == copy.RecordingId && !recording.IsBeingDestroyed))
                .OrderBy(copy => copy.Id).Take(PageLength).ToListAsync(cancellationToken);
            foreach (var copy in page)
                await edge.TryAsync(SweepCopiesJob.Name, copy.Id, () => DestroyAsync(copy, cancellationToken));
            if (page.Count < PageLength)
                break;
            after = page[^1].Id;
        }

        var since = now - s_kept;
        await db.RecipientCopies.Where(copy => !copy.IsWanted && copy.AssetId == null && (copy.RunSince == null || copy.RunSince < since)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Copies that say another tag or label than those in force, or whose film was moved away. None of them leaves meanwhile.</summary>
    public async Task AwaitOutdatedAsync(CancellationToken cancellationToken)
    {
        for (var after = Guid.Empty; ;)
        {
            var page = await db.RecipientCopies.AsNoTracking().Where(copy => copy.Id.CompareTo(after) > 0 && copy.IsWanted && copy.State == ProcessingState.Done && copy.AssetId != null)
                .OrderBy(copy => copy.Id).Take(PageLength).ToListAsync(cancellationToken);
            var ids = page.Select(copy => copy.RecordingId).Distinct().ToList();
            var recordings = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id) && !recording.IsBeingDestroyed).ToListAsync(cancellationToken);
            var uses = await usage.OfAsync(recordings, cancellationToken);
            foreach (var copy in page)
            {
                if (recordings.Find(recording => recording.Id == copy.RecordingId) is { } recording
                    && (await CopyMaking.FactsAsync(db, recording, uses[recording.Id].Tag, cancellationToken))?.Hold(copy) is not true)
                    await rows.AwaitAsync(copy.Id, copy.AssetId!.Value, isWhole: true, cancellationToken);
            }

            if (page.Count < PageLength)
                return;
            after = page[^1].Id;
        }
    }

    /// <summary>The objects first: killed in between, the row still knows them.</summary>
    private async Task DestroyAsync(RecipientCopy copy, CancellationToken cancellationToken)
    {
        using (var key = await keys.RecordingKeyAsync(copy.RecordingId, cancellationToken))
            await CopyMaking.DeleteAsync(store, copy, CopyMaking.BeforeOf(copy, key)?.Objects() ?? [], cancellationToken);
        await rows.ForgetMadeAsync(copy, cancellationToken);
    }
}
