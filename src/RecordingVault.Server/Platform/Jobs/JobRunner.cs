using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Platform.Jobs;

/// <summary>
/// The only class that Hangfire calls: it enters the tenant's scope before the job exists, and replaces whatever escapes the job by a slug.
/// A job type that is neither a tenant's nor the system's does not compile here.
/// </summary>
internal sealed partial class JobRunner(IServiceScopeFactory scopes, ILogger<JobRunner> log)
{
    public Task RunForTenantAsync<TJob>(Guid tenantId, Guid subjectId, CancellationToken cancellationToken)
        where TJob : ITenantJob => GuardAsync(TJob.Name, async () =>
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
            await ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).RunAsync(subjectId, cancellationToken);
        });

    public Task RunForSystemAsync<TJob>(CancellationToken cancellationToken)
        where TJob : ISystemJob => GuardAsync(TJob.Name, async () =>
        {
            await using var scope = scopes.CreateAsyncScope();
            await ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).RunAsync(cancellationToken);
        });

    private async Task GuardAsync(string job, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception fault) // the edge of a job: nothing of a fault's words may reach Hangfire's tables
        {
            Failed(log, fault.GetType().Name, job);
            throw new JobFailedException($"{job}-failed");
        }
    }

    [LoggerMessage(EventId = 900, Level = LogLevel.Error, Message = "Job {Job} failed: {Fault}")]
    private static partial void Failed(ILogger log, string fault, string job);
}
