using Hangfire;

namespace RecordingVault.Server.Platform.Jobs;

/// <summary>Nudges work that rows already call for. A lost nudge costs time only: the sweep finds what is due.</summary>
internal sealed class JobQueue(IBackgroundJobClient hangfire, JobStorage storage)
{
    /// <summary>What somebody who has just pressed play waits for. Nothing else ever stands in front of it.</summary>
    public const string First = "first";

    /// <summary>What takes seconds: cards, sweeps.</summary>
    public const string Quick = "quick";

    /// <summary>What reads or writes whole recordings because somebody asked for it, and may take hours. It has a worker of its own, so that nothing quick ever waits behind it.</summary>
    public const string Whole = "whole";

    /// <summary>What reads whole recordings and nobody waits for: whoever moves or destroys a recording must not wait for hours until a film that somebody else added has been read.</summary>
    public const string Digest = "digest";

    /// <summary>What packs whole recordings because somebody asked for it, for as long as there is to pack: neither moves nor destructions wait behind it.</summary>
    public const string Export = "export";

    /// <summary>What runs ffmpeg for minutes at most: length, picture, waveform and captions of what has just come. One at a time.</summary>
    public const string Media = "media";

    /// <summary>What encodes films with ffmpeg, for hours: one at a time, or as many as the operator allows. What is quick of another film never waits behind it.</summary>
    public const string Renditions = "renditions";

    /// <summary>What reads everything again, slowly and without end.</summary>
    public const string Verify = "verify";

    public void Nudge<TJob>(Guid tenantId, Guid subjectId)
        where TJob : ITenantJob => hangfire.Enqueue<TenantJobRunner<TJob>>(TJob.Queue, runner => runner.RunAsync(tenantId, subjectId, CancellationToken.None));

    /// <summary>Whether something waits in a queue that no worker has taken yet.</summary>
    public bool IsWaitedFor(string queue) => storage.GetMonitoringApi().EnqueuedCount(queue) > 0;

    public void Nudge<TJob>()
        where TJob : ISystemJob => hangfire.Enqueue<SystemJobRunner<TJob>>(Quick, runner => runner.RunAsync(CancellationToken.None));
}
