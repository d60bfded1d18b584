using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>Makes the copy of one link, which has the same id. It encodes a film, so it waits in the queue of those.</summary>
internal sealed class CopyJob(CopyMaking making) : ITenantJob
{
    public static string Name => "recipient-copy";

    public static string Queue => JobQueue.Renditions;

    public Task RunAsync(Guid subjectId, CancellationToken cancellationToken) => making.RunAsync(subjectId, cancellationToken);
}
