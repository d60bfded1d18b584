using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>Reckons a tenant's dates anew after its rules have changed. A large tenant's comes again and again, so that nothing quick waits behind all of it.</summary>
internal sealed class ReckonDatesJob(VaultDbContext db, DateFollowing following, JobQueue jobs) : ITenantJob
{
    /// <summary>Ten thousand recordings.</summary>
    private const int PagesAtOnce = 20;

    public static string Name => "reckon-dates";

    /// <param name="subjectId">The tenant itself.</param>
    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        if (!(await following.FollowAsync(cancellationToken, PagesAtOnce)).IsDone)
            jobs.Nudge<ReckonDatesJob>(db.TenantId, db.TenantId);
    }
}

/// <summary>At start and every hour: finds tenants with a date that is older than what is true, because a nudge was lost or something changed without one.</summary>
internal sealed class SweepDatesJob(SystemScope system, JobQueue jobs, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-dates";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                var reckoning = scope.ServiceProvider.GetRequiredService<DateReckoning>();
                if (await reckoning.HasWorkAsync(cancellationToken) && (await reckoning.StaleAsync(Guid.Empty, cancellationToken)).Count > 0)
                    jobs.Nudge<ReckonDatesJob>(tenantId, tenantId);
            });
        }
    }
}
