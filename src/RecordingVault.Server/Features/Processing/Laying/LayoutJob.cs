using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing.Laying;

/// <summary>Lays out the files of a recording: the first thing done after a manifest is committed, because who presses play waits for it.</summary>
internal sealed class LayoutJob(LayoutMaking making) : ITenantJob
{
    public static string Name => "layout";

    public static string Queue => JobQueue.First;

    public Task RunAsync(Guid subjectId, CancellationToken cancellationToken) => making.RunAsync(subjectId, cancellationToken);
}

/// <summary>Finds recordings with a file that nobody has laid out, because the process ended before the job ran or they are older than layouts, and nudges the job again.</summary>
internal sealed class SweepLayoutsJob(RecordingSweep sweep) : ISystemJob
{
    public static string Name => "sweep-layouts";

    public Task RunAsync(CancellationToken cancellationToken) => sweep.NudgeAsync<LayoutJob>(
        Name, db => db.Recordings.Where(recording => recording.ManifestObjectId != null && LayoutMaking.Due(db).Any(asset => asset.RecordingId == recording.Id)), cancellationToken);
}
