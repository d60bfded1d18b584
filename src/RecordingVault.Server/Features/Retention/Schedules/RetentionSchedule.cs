using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>How long recordings of one kind are kept at least (an obligation), and after which time they are to go (a wish). Either may be missing, not both.</summary>
internal sealed class RetentionSchedule : ITenantOwned, IListed
{
    public const string NameColumn = "retention_schedules.name";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Under the tenant data key.</summary>
    public required SealedText Name { get; set; }
    public required RetentionScope Scope { get; init; }

    /// <summary>Label, source, or id of the collection or recording; null for the whole tenant.</summary>
    public string? Target { get; init; }
    public required RetentionTrigger Trigger { get; init; }

    /// <summary>As P30D; null where there is none.</summary>
    public string? KeepAtLeast { get; set; }

    /// <summary>As P30D; null where there is none.</summary>
    public string? DisposeAfter { get; set; }
    public required DisposalAction Action { get; set; }

    /// <summary>How long what goes lies in the trash: 0 to 365 days.</summary>
    public required int GraceInDays { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }

    /// <summary>Counts changes; the concurrency token.</summary>
    public int Version { get; set; }

    public RetentionRule Rule => new(
        Id, Scope, Target, Trigger, KeepAtLeast is { } keep ? RetentionPeriod.Parse(keep) : null, DisposeAfter is { } dispose ? RetentionPeriod.Parse(dispose) : null, Action, GraceInDays);
}

internal enum ScheduleChangeState
{
    /// <summary>It waits for a second person, or for its day.</summary>
    Waiting,
    InForce,
    Declined,

    /// <summary>Whoever asked took it back.</summary>
    TakenBack,

    /// <summary>The schedule was changed otherwise meanwhile.</summary>
    Stale,
}

/// <summary>A schedule is to keep for less long, or to go. Until a second person approves it, or seven days are over, it changes nothing.</summary>
internal sealed class ScheduleChange : ITenantOwned
{
    public const string ReasonColumn = "schedule_changes.reason";
    public const string WordColumn = "schedule_changes.word";

    public static readonly TimeSpan Delay = TimeSpan.FromDays(7);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid ScheduleId { get; init; }

    /// <summary>The schedule's version that was to be changed.</summary>
    public required int ScheduleVersion { get; init; }

    /// <summary>The schedule is to go; the next four say nothing then.</summary>
    public required bool Removes { get; init; }
    public string? KeepAtLeast { get; init; }
    public string? DisposeAfter { get; init; }
    public DisposalAction Action { get; init; }
    public int GraceInDays { get; init; }
    public required Guid AskedBy { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required DateTimeOffset InForceAt { get; init; }

    /// <summary>Why; under the tenant data key.</summary>
    public required SealedText Reason { get; init; }
    public required ScheduleChangeState State { get; set; }

    /// <summary>Null while it waits, and where its day came.</summary>
    public Guid? DecidedBy { get; set; }

    /// <summary>What he said; under the tenant data key.</summary>
    public SealedText? Word { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class RetentionScheduleTable : IEntityTypeConfiguration<RetentionSchedule>
{
    public void Configure(EntityTypeBuilder<RetentionSchedule> builder)
    {
        builder.ToTable("RetentionSchedules");
        builder.HasKey(schedule => new { schedule.TenantId, schedule.Id });
        builder.HasIndex(schedule => new { schedule.TenantId, schedule.Scope, schedule.Target });
        builder.Property(schedule => schedule.Scope).HasConversion<string>().HasMaxLength(16);
        builder.Property(schedule => schedule.Target).HasMaxLength(36);
        builder.Property(schedule => schedule.Trigger).HasConversion<string>().HasMaxLength(24);
        builder.Property(schedule => schedule.KeepAtLeast).HasMaxLength(RetentionPeriod.LongestText);
        builder.Property(schedule => schedule.DisposeAfter).HasMaxLength(RetentionPeriod.LongestText);
        builder.Property(schedule => schedule.Action).HasConversion<string>().HasMaxLength(16);
        builder.Property(schedule => schedule.Version).IsConcurrencyToken();
        builder.Ignore(schedule => schedule.Rule);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(schedule => schedule.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ScheduleChangeTable : IEntityTypeConfiguration<ScheduleChange>
{
    public void Configure(EntityTypeBuilder<ScheduleChange> builder)
    {
        builder.ToTable("ScheduleChanges");
        builder.HasKey(change => new { change.TenantId, change.Id });
        builder.HasIndex(change => new { change.TenantId, change.ScheduleId });
        builder.HasIndex(change => new { change.TenantId, change.State, change.InForceAt });
        builder.Property(change => change.KeepAtLeast).HasMaxLength(RetentionPeriod.LongestText);
        builder.Property(change => change.DisposeAfter).HasMaxLength(RetentionPeriod.LongestText);
        builder.Property(change => change.Action).HasConversion<string>().HasMaxLength(16);
        builder.Property(change => change.State).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(change => change.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
