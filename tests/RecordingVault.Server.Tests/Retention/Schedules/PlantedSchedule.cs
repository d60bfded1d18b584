using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Retention.Schedules;

/// <summary>A schedule that may be removed at once, and a change of it that was declined, as rows: making one with a wish needs a person.</summary>
internal static class PlantedSchedule
{
    public static async Task<Guid> AddAsync(TestTenant tenant, Guid id, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(cancellationToken);
        db.RetentionSchedules.Add(new RetentionSchedule
        {
            TenantId = tenant.Id,
            Id = id,
            Name = SealedText.Seal(key, tenant.Id, id, RetentionSchedule.NameColumn, "planted"),
            Scope = RetentionScope.Label,
            Target = "public",
            Trigger = RetentionTrigger.Recorded,
            DisposeAfter = "P10Y",
            Action = DisposalAction.Review,
            GraceInDays = 30,
            CreatedAt = TimeProvider.System.Now(),
            CreatedBy = tenant.Owner.Id,
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }

    public static async Task<Guid> AddChangeAsync(TestTenant tenant, Guid id, Guid scheduleId, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(cancellationToken);
        var now = TimeProvider.System.Now();
        db.ScheduleChanges.Add(new ScheduleChange
        {
            TenantId = tenant.Id,
            Id = id,
            ScheduleId = scheduleId,
            ScheduleVersion = 0,
            Removes = false,
            DisposeAfter = "P1Y",
            Action = DisposalAction.Review,
            GraceInDays = 30,
            AskedBy = tenant.Owner.Id,
            AskedAt = now,
            InForceAt = now + ScheduleChange.Delay,
            Reason = SealedText.Seal(key, tenant.Id, id, ScheduleChange.ReasonColumn, "planted"),
            State = ScheduleChangeState.Declined,
            EndedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }
}
