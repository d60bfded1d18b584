using Hangfire;

namespace RecordingVault.Server.Platform.Jobs;

/// <summary>Nudges work that rows already call for. A lost nudge costs time only: the sweep finds what is due.</summary>
internal sealed class JobQueue(IBackgroundJobClient hangfire)
{
    /// <summary>What takes seconds: cards, sweeps.</summary>
    public const string Quick = "quick";

    /// <summary>What reads whole recordings and may take hours. It has a worker of its own, so that nothing quick ever waits behind it.</summary>
    public const string Whole = "whole";

    /// <summary>What reads everything again, slowly and without end.</summary>
    public const string Verify = "verify";

    public void Nudge<TJob>(Guid tenantId, Guid subjectId)
        where TJob : ITenantJob => hangfire.Enqueue<TenantJobRunner<TJob>>(TJob.Queue, runner => runner.RunAsync(tenantId, subjectId, CancellationToken.None));

    public void Nudge<TJob>()
        where TJob : ISystemJob => hangfire.Enqueue<SystemJobRunner<TJob>>(Quick, runner => runner.RunAsync(CancellationToken.None));
}
