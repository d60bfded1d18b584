using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing.Fronts;

/// <summary>Signs one file for who downloads it. It is asked for by the download that waits for it, and by nothing else: most files are never downloaded.</summary>
internal sealed class SignFrontJob(FrontMaking making) : ITenantJob
{
    public static string Name => "sign-front";

    public static string Queue => JobQueue.Whole;

    public Task RunAsync(Guid subjectId, CancellationToken cancellationToken) => making.RunAsync(subjectId, cancellationToken);
}
