using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Finds recordings with an original whose digest is still missing, because the process ended before the job ran, and nudges the job again.</summary>
internal sealed class SweepDigestsJob(RecordingSweep sweep) : ISystemJob
{
    public static string Name => "sweep-digests";

    public Task RunAsync(CancellationToken cancellationToken) => sweep.NudgeAsync<DigestJob>(
        Name,
        db => db.Recordings.Where(recording => recording.State != RecordingState.Receiving
            && db.RecordingAssets.Any(asset => asset.RecordingId == recording.Id && asset.Role == ObjectRole.OriginalSegment && (asset.ContentDigest == null || asset.ContentKey == null))),
        cancellationToken);
}
