using Hangfire;

namespace RecordingVault.Server.Platform.Jobs;

/// <summary>Nudges work that rows already call for. A lost nudge costs time only: the sweep finds what is due.</summary>
internal sealed class JobQueue(IBackgroundJobClient hangfire)
{
    public const string Quick = "quick";

    public void Nudge<TJob>(Guid tenantId, Guid subjectId)
        where TJob : ITenantJob => hangfire.Enqueue<TenantJobRunner<TJob>>(Quick, runner => runner.RunAsync(tenantId, subjectId, CancellationToken.None));

    public void Nudge<TJob>()
        where TJob : ISystemJob => hangfire.Enqueue<SystemJobRunner<TJob>>(Quick, runner => runner.RunAsync(CancellationToken.None));
}
