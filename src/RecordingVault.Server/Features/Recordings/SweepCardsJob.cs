using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>At start and every hour: finds cards whose nudge was lost, and nudges the job again.</summary>
internal sealed class SweepCardsJob(RecordingSweep sweep) : ISystemJob
{
    public static string Name => "sweep-cards";

    public Task RunAsync(CancellationToken cancellationToken) => sweep.NudgeAsync<WriteCardJob>(
        Name, db => db.Recordings.Where(recording => recording.CardVersion == null || recording.CardVersion < recording.Version), cancellationToken);
}
