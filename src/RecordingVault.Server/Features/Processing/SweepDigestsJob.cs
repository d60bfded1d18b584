using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Finds originals whose digest is still missing, because the process ended before the job ran, and nudges the job again.</summary>
internal sealed class SweepDigestsJob(SystemScope system, JobQueue queue) : ISystemJob
{
    private const int MostAtOnce = 100;

    public static string Name => "sweep-digests";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await using var scope = system.Enter(tenantId);
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            var due = await db.RecordingAssets.AsNoTracking()
                .Where(asset => asset.Role == ObjectRole.OriginalSegment && asset.ContentDigest == null
                    && db.Recordings.Any(recording => recording.Id == asset.RecordingId && recording.State == RecordingState.Ready))
                .OrderBy(asset => asset.Id).Take(MostAtOnce).Select(asset => asset.RecordingId).ToListAsync(cancellationToken);
            foreach (var recordingId in due)
                queue.Nudge<DigestJob>(tenantId, recordingId);
        }
    }
}
