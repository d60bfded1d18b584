using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Finds recordings with a file whose marks are still to be read, because the process ended before the job ran, and nudges the job again.</summary>
internal sealed class SweepMarksJob(RecordingSweep sweep) : ISystemJob
{
    public static string Name => "sweep-marks";

    public Task RunAsync(CancellationToken cancellationToken) => sweep.NudgeAsync<MarksJob>(
        Name, db => db.Recordings.Where(recording => recording.ManifestObjectId != null && MarksJob.Due(db).Any(asset => asset.RecordingId == recording.Id)), cancellationToken);
}
