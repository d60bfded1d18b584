using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Platform.Jobs;

/// <summary>
/// What Hangfire calls for a tenant's job: it enters the tenant's scope before the job exists. A job type that is neither a tenant's nor the system's does not compile here.
/// The job is a parameter of the class and not of the method: Hangfire finds a method again by its name and arguments, and so never finds a generic one.
/// </summary>
internal sealed class TenantJobRunner<TJob>(IServiceScopeFactory scopes, JobEdge edge)
    where TJob : ITenantJob
{
    public Task RunAsync(Guid tenantId, Guid subjectId, CancellationToken cancellationToken) => edge.GuardAsync(TJob.Name, async () =>
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        await ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).RunAsync(subjectId, cancellationToken);
    });
}

/// <summary>What Hangfire calls for a job over all tenants.</summary>
internal sealed class SystemJobRunner<TJob>(IServiceScopeFactory scopes, JobEdge edge)
    where TJob : ISystemJob
{
    public Task RunAsync(CancellationToken cancellationToken) => edge.GuardAsync(TJob.Name, async () =>
    {
        await using var scope = scopes.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).RunAsync(cancellationToken);
    });
}

/// <summary>Replaces whatever escapes a job by a slug.</summary>
internal sealed partial class JobEdge(ILogger<JobEdge> log)
{
    public async Task GuardAsync(string job, Func<Task> run)
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

    /// <summary>One of many things that a sweep looks at: that it fails goes to the log, and the sweep goes on to the next.</summary>
    public async Task TryAsync(string job, Guid subjectId, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception fault) // the edge of a job: what is broken in one tenant or recording must not stop the others
        {
            FailedAt(log, fault.GetType().Name, job, subjectId);
        }
    }

    [LoggerMessage(EventId = 900, Level = LogLevel.Error, Message = "Job {Job} failed: {Fault}")]
    private static partial void Failed(ILogger log, string fault, string job);

    [LoggerMessage(EventId = 902, Level = LogLevel.Error, Message = "Job {Job} went on without {Subject}: {Fault}")]
    private static partial void FailedAt(ILogger log, string fault, string job, Guid subject);
}
