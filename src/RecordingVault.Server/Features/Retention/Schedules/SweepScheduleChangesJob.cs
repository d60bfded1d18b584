using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>At start and every hour: puts into force what waited for seven days and nobody declined, and ends what a change went over.</summary>
internal sealed class SweepScheduleChangesJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-schedule-changes";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<ChangeEnding>().SweepAsync(cancellationToken);
            });
        }
    }
}

/// <summary>Changes that are over for long: the log has them.</summary>
internal sealed class EndedScheduleChanges(SystemScope system, JobEdge edge) : IEndedRows
{
    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(SweepEndedJob.Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ScheduleChanges.Where(change => change.EndedAt < endedBefore).ExecuteDeleteAsync(cancellationToken);
            });
        }
    }
}

/// <summary>The schedule that is for one recording alone goes with it, and so does what waits to change it.</summary>
internal sealed class OwnScheduleRows(VaultDbContext db) : IRecordingRows
{
    public async Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var target = recordingId.ToString();
        var own = await db.RetentionSchedules.Where(schedule => schedule.Scope == RetentionScope.Recording && schedule.Target == target).Select(schedule => schedule.Id).ToListAsync(cancellationToken);
        await db.ScheduleChanges.Where(change => own.Contains(change.ScheduleId)).ExecuteDeleteAsync(cancellationToken);
        await db.RetentionSchedules.Where(schedule => own.Contains(schedule.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
