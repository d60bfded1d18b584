using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Audit;

/// <summary>One line of a tenant's log: the canonical leaf that proofs stand on, its clear fields as columns for lists, and the personal values sealed beside it.</summary>
internal sealed class AuditEvent : ITenantOwned
{
    public const string ValuesColumn = "audit_events.values";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Counts from 1 without a gap inside the tenant.</summary>
    public required long Number { get; init; }
    public required DateTimeOffset Time { get; init; }
    public required string Type { get; init; }
    public required AuditActorKind ActorKind { get; init; }
    public Guid? ActorId { get; init; }
    public AuditTargetKind? TargetKind { get; init; }
    public Guid? TargetId { get; init; }
    public required AuditOutcome Outcome { get; init; }

    /// <summary>Whether content was opened in clear for somebody.</summary>
    public required bool Decrypted { get; init; }
    public required byte[] Leaf { get; init; }

    /// <summary>Values and salts as JSON under the tenant data key; null after an erasure, and the leaf still verifies.</summary>
    public SealedText? Values { get; set; }
}

/// <summary>The last number given in a tenant's log. Updating it takes the tenant's lock, so numbers have no gaps.</summary>
internal sealed class AuditHead : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public long LastNumber { get; init; }
}

internal sealed class AuditEventTable : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.HasKey(line => new { line.TenantId, line.Id });
        builder.HasIndex(line => new { line.TenantId, line.Number }).IsUnique();
        builder.HasIndex(line => new { line.TenantId, line.TargetId, line.Number });
        builder.HasIndex(line => new { line.TenantId, line.Outcome, line.Number });
        builder.HasIndex(line => new { line.TenantId, line.ActorId, line.Number });
        builder.HasIndex(line => new { line.TenantId, line.Time });
        builder.Property(line => line.Type).HasMaxLength(64);
        builder.Property(line => line.ActorKind).HasConversion<string>().HasMaxLength(16);
        builder.Property(line => line.TargetKind).HasConversion<string>().HasMaxLength(16);
        builder.Property(line => line.Outcome).HasConversion<string>().HasMaxLength(16);
        builder.Property(line => line.Leaf).HasMaxLength(65_535);
    }
}

internal sealed class AuditHeadTable : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> builder) => builder.HasKey(head => head.TenantId);
}
