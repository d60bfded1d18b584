using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Says once a second that a piece of work goes on, so that pages move and nobody else takes it for given up. In a scope of its own: the work writes too.</summary>
internal sealed partial class WorkPulse(SystemScope system, TimeProvider time, ILogger<WorkPulse> log)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work under the pulse.</summary>
    /// <param name="beat">Says it, by the services of the beat's own scope.</param>
    public async Task DuringAsync(Guid tenantId, Func<IServiceProvider, CancellationToken, Task> beat, Func<Task> work, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(tenantId, beat, over.Token);
        try
        {
            await work();
        }
        finally
        {
            await over.CancelAsync();
            await beating;
        }
    }

    private async Task BeatAsync(Guid tenantId, Func<IServiceProvider, CancellationToken, Task> beat, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, time);
            var isFailing = false;
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await using var scope = system.Enter(tenantId);
                    await beat(scope.ServiceProvider, cancellationToken);
                    isFailing = false;
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    // Whatever it is, the provider's own wrapping of it included, it says nothing of the work. The database is away for a moment: the next beat says it.
                    // Should the claim run out meanwhile, somebody else begins anew, and this one adds nothing any more.
                    // Once for beats that fail one after the other: a line each second would tell no more.
                    if (!isFailing)
                        Failing(log, tenantId, fault.GetType().Name);
                    isFailing = true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }

    [LoggerMessage(EventId = 622, Level = LogLevel.Warning, Message = "That work for tenant {TenantId} goes on could not be written down: {Fault}. It is tried each second; should it stay so for a minute, the work is begun anew")]
    private static partial void Failing(ILogger log, Guid tenantId, string fault);
}
