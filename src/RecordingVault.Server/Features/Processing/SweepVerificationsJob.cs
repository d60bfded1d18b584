using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing;

/// <summary>At start and every hour: asks for those recordings to be verified that were not for the longest.</summary>
internal sealed class SweepVerificationsJob(SystemScope system, JobQueue queue, VerificationPace pace, JobEdge edge, TimeProvider time) : ISystemJob
{
    private const int AtOnce = 50;

    public static string Name => "sweep-verifications";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (pace.IsOff)
            return;
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
            await edge.TryAsync(Name, tenantId, () => NudgeAsync(tenantId, cancellationToken));
    }

    private async Task NudgeAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var before = time.Now() - pace.Round;
        var damagedBefore = time.Now() - VerificationPace.DamagedRound;
        var due = await db.Recordings
            .Where(recording => recording.State != RecordingState.Receiving && !recording.IsBeingDestroyed && (recording.VerifiedAt == null || recording.VerifiedAt <= before || (recording.DamagedSince != null && recording.VerifiedAt <= damagedBefore)))
            .OrderBy(recording => recording.VerifiedAt != null).ThenBy(recording => recording.VerifiedAt).ThenBy(recording => recording.Id).Take(AtOnce).Select(recording => recording.Id).ToListAsync(cancellationToken);
        foreach (var recordingId in due)
            queue.Nudge<VerifyRecordingJob>(tenantId, recordingId);
    }
}
