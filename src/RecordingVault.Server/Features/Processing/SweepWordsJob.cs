using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Finds recordings with a text whose words are not made yet, because it came out of the film or the process ended, and nudges the job.</summary>
internal sealed class SweepWordsJob(RecordingSweep sweep) : ISystemJob
{
    public static string Name => "sweep-words";

    public Task RunAsync(CancellationToken cancellationToken) => sweep.NudgeAsync<WordsJob>(
        Name, db => db.Recordings.Where(recording => recording.ManifestObjectId != null && WordsJob.Due(db).Any(asset => asset.RecordingId == recording.Id)), cancellationToken);
}
