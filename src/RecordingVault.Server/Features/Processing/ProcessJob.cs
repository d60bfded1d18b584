using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Processing;

/// <summary>
/// Makes of a recording's originals what a person wants beside them and what takes minutes at most: length and streams, poster, thumbnails, waveform, captions, and a copy of streams that
/// only need another container. The original plays before and meanwhile. Encoding a film takes hours and is the next job's. Killed anywhere, the next run goes on with what is still missing.
/// </summary>
internal sealed class ProcessJob(MakingRuns runs, AssetMaking making, JobQueue jobs) : ITenantJob
{
    public static string Name => "process";

    public static string Queue => JobQueue.Media;

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(subjectId, MakingStage.Small, making.MakeSmallAsync, cancellationToken))
            jobs.Nudge<RenditionJob>(runs.TenantId, subjectId);
    }
}

/// <summary>Encodes films that no browser would play as they are: for hours, in a queue of its own, so that nobody's length, picture and captions wait behind somebody else's film.</summary>
internal sealed class RenditionJob(MakingRuns runs, AssetMaking making) : ITenantJob
{
    public static string Name => "rendition";

    public static string Queue => JobQueue.Renditions;

    public Task RunAsync(Guid subjectId, CancellationToken cancellationToken) => runs.RunAsync(subjectId, MakingStage.Rendition, making.EncodeAsync, cancellationToken);
}
