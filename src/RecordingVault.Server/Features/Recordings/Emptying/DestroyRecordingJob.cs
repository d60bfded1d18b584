using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Recordings.Emptying;

/// <summary>Destroys what somebody emptied out of the trash by hand. It is marked already; a nudge that is lost is made good by the hourly sweep.</summary>
internal sealed class DestroyRecordingJob(RecordingDestruction destruction) : ITenantJob
{
    public static string Name => "destroy-recording";

    public static string Queue => JobQueue.Whole;

    public Task RunAsync(Guid subjectId, CancellationToken cancellationToken) => destruction.DestroyAsync(subjectId, cancellationToken);
}
