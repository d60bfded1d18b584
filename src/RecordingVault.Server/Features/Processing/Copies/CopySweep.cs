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
internal sealed class CopySweep(VaultDbContext db, ILiveLinks links, TenantKeys keys, SealedStore store, CopyRows rows, UsageReading usage, TimeProvider time)
{
    private const int PageLength = 200;

    /// <summary>For so long a row stays that nobody wants: as long as it names the recording, what a killed worker left there is looked for.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(3);

    /// <summary>Copies of links that have been over for a moment, and those that are not wanted. A link that opens again has another one made.</summary>
    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        var live = links.LinksLately();
        for (var after = Guid.Empty; ;)
        {
            var page = await db.RecipientCopies.AsNoTracking()
                .Where(copy => copy.Id.CompareTo(after) > 0 && (!copy.IsWanted || (copy.AssetId != null && !live.Contains(copy.Id))) && db.Recordings.Any(recording => recording.Id == copy.RecordingId && !recording.IsBeingDestroyed))
                .OrderBy(copy => copy.Id).Take(PageLength).ToListAsync(cancellationToken);
            foreach (var copy in page)
                await DestroyAsync(copy, cancellationToken);
            if (page.Count < PageLength)
                break;
            after = page[^1].Id;
        }

        var since = time.Now() - s_kept;
        await db.RecipientCopies.Where(copy => !copy.IsWanted && copy.AssetId == null && (copy.RunSince == null || copy.RunSince < since)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Copies that say another tag or label than those in force. None of them leaves meanwhile.</summary>
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
                    && await CopyMaking.FactsAsync(db, recording, uses[recording.Id].Tag, cancellationToken) is { } facts && !facts.Hold(copy))
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
        if (copy.AssetId is null)
            return;
        using (var key = await keys.RecordingKeyAsync(copy.RecordingId, cancellationToken))
            await CopyMaking.DeleteAsync(store, copy, CopyParts.Of(copy, key)?.Objects() ?? [], cancellationToken);
        await rows.ForgetMadeAsync(copy, cancellationToken);
    }
}
