using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Fronts;

/// <summary>Deletes signed fronts that say another tag than the one in force. None of them leaves meanwhile: whoever sends a file takes the one of the tag in force, or has it made.</summary>
internal sealed class SweepFrontsJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-fronts";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<FrontSweep>().RunAsync(cancellationToken);
            });
        }
    }
}

/// <summary>The same for one tenant.</summary>
internal sealed class FrontSweep(VaultDbContext db, SealedStore store, UsageReading usage)
{
    private const int PageLength = 200;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var after = Guid.Empty; ;)
        {
            var page = await db.StoredFronts.AsNoTracking().Where(front => front.Id.CompareTo(after) > 0).OrderBy(front => front.Id).Take(PageLength).ToListAsync(cancellationToken);
            var ids = page.Select(front => front.RecordingId).Distinct().ToList();
            var recordings = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id) && !recording.IsBeingDestroyed).ToListAsync(cancellationToken);
            var uses = await usage.OfAsync(recordings, cancellationToken);
            foreach (var front in page.Where(front => uses.TryGetValue(front.RecordingId, out var use) && use.Tag.Name != front.Tag))
                await DeleteAsync(front, cancellationToken);
            if (page.Count < PageLength)
                return;
            after = page[^1].Id;
        }
    }

    /// <summary>The object first: killed in between, the row still knows it.</summary>
    private async Task DeleteAsync(StoredFront front, CancellationToken cancellationToken)
    {
        if (front.ObjectId is { } objectId)
            await store.DeleteSegmentAsync(front.TenantId, front.RecordingId, ObjectRole.MarkedFront, objectId, cancellationToken);
        await db.StoredFronts.Where(row => row.Id == front.Id && row.ObjectId == front.ObjectId).ExecuteDeleteAsync(cancellationToken);
    }
}
