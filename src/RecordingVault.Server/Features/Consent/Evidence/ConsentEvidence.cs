using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>
/// A file that shows what somebody said: sealed, with all that is told of it, under a key of its own, because it may have to outlive the recording. It is begun before its bytes
/// come, so that a sweep finds what a crash left, and bound to records when it is whole; what was bound is never changed, which the database itself refuses.
/// </summary>
internal sealed class ConsentEvidence : ITenantOwned, IListed
{
    public const string NameColumn = "consent_evidence.name";
    public const string DigestColumn = "consent_evidence.digest";
    public const string AboutColumn = "consent_evidence.about";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required AuditActorKind AddedByKind { get; init; }
    public Guid? AddedById { get; init; }

    /// <summary>Kept at least until then, also where the recording is destroyed before; null: as long as a record that it was given for.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>What was put into the store; null until it is whole.</summary>
    public Guid? ObjectId { get; set; }
    public EvidenceKind? Kind { get; set; }
    public long? SizeInBytes { get; set; }

    /// <summary>The file's name.</summary>
    public SealedText? Name { get; set; }

    /// <summary>SHA-256 of the file as lower-case hex.</summary>
    public SealedText? Digest { get; set; }

    /// <summary>Of whom it is and what he said, as <see cref="EvidenceAbout"/> in JSON: the records may be gone before it is.</summary>
    public SealedText? About { get; set; }

    /// <summary>Its key is gone; what lies in the store is being deleted, and the row then.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Which record a piece of evidence shows. Where files move, the record that carries on what was said is one more.</summary>
internal sealed class EvidenceRecord : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid EvidenceId { get; init; }
    public required Guid RecordId { get; init; }
}

internal sealed class ConsentEvidenceTable : IEntityTypeConfiguration<ConsentEvidence>
{
    public void Configure(EntityTypeBuilder<ConsentEvidence> builder)
    {
        builder.ToTable("ConsentEvidence");
        builder.HasKey(evidence => new { evidence.TenantId, evidence.Id });
        builder.HasIndex(evidence => new { evidence.TenantId, evidence.CreatedAt, evidence.Id });
        builder.Property(evidence => evidence.AddedByKind).HasConversion<string>().HasMaxLength(16);
        builder.Property(evidence => evidence.Kind).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(evidence => evidence.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class EvidenceRecordTable : IEntityTypeConfiguration<EvidenceRecord>
{
    public void Configure(EntityTypeBuilder<EvidenceRecord> builder)
    {
        builder.ToTable("ConsentEvidenceRecords");
        builder.HasKey(bound => new { bound.TenantId, bound.RecordId, bound.EvidenceId });
        builder.HasOne<ConsentEvidence>().WithMany().HasForeignKey(bound => new { bound.TenantId, bound.EvidenceId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ConsentRecord>().WithMany().HasForeignKey(bound => new { bound.TenantId, bound.RecordId }).OnDelete(DeleteBehavior.Restrict);
    }
}
