using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>
/// A recording's date, as it was last reckoned, for lists and for finding what is due. Nothing is disposed of by it alone: the transaction that disposes reckons anew.
/// </summary>
internal sealed class RecordingDisposal : ITenantOwned
{
    public const string KeepReasonColumn = "recording_disposals.keep_reason";

    public required Guid TenantId { get; init; }
    public required Guid RecordingId { get; init; }

    /// <summary>Null: kept until somebody decides.</summary>
    public DateTimeOffset? DisposeAt { get; set; }
    public DisposalAction Action { get; set; }
    public Guid? WishId { get; set; }

    /// <summary>Days.</summary>
    public int GraceInDays { get; set; }

    /// <summary>Before then no byte goes.</summary>
    public DateTimeOffset? ObligedUntil { get; set; }
    public Guid? ObligationId { get; set; }

    /// <summary>The version of the recording that this was reckoned from; null where something else changed since.</summary>
    public int? RecordingVersion { get; set; }

    /// <summary>The tenant's rules that this was reckoned by (<see cref="Tenants.Tenant.RetentionGeneration"/>).</summary>
    public int Generation { get; set; }

    /// <summary>Until when a person keeps it.</summary>
    public DateTimeOffset? KeepUntil { get; set; }
    public Guid? KeepBy { get; set; }
    public DateTimeOffset? KeepSince { get; set; }

    /// <summary>Under the recording's key.</summary>
    public SealedText? KeepReason { get; set; }

    /// <summary>When people were told that it goes; nothing goes within a week of that. Null where nobody was told of the date that it has.</summary>
    public DateTimeOffset? WarnedAt { get; set; }

    /// <summary>Since when it waits for somebody's decision; null where it does not.</summary>
    public DateTimeOffset? ReviewSince { get; set; }
}

internal sealed class RecordingDisposalTable : IEntityTypeConfiguration<RecordingDisposal>
{
    public void Configure(EntityTypeBuilder<RecordingDisposal> builder)
    {
        builder.ToTable("RecordingDisposals");
        builder.HasKey(row => new { row.TenantId, row.RecordingId });
        builder.HasIndex(row => new { row.TenantId, row.DisposeAt, row.RecordingId });
        builder.HasIndex(row => new { row.TenantId, row.Generation, row.RecordingId });
        builder.HasIndex(row => new { row.TenantId, row.ReviewSince });
        builder.Property(row => row.Action).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Recording>().WithOne().HasForeignKey<RecordingDisposal>(row => new { row.TenantId, row.RecordingId }).OnDelete(DeleteBehavior.Cascade);
    }
}
