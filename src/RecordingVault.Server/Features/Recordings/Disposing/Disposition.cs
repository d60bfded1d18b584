using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings.Disposing;

/// <summary>
/// That a recording is being destroyed, and then the record that remains of it, with its certificate. It refers to no row of the recording, outlives all of them, and holds no word about what was
/// recorded or who was in it.
/// </summary>
internal sealed class Disposition : ITenantOwned
{
    public const string FactsColumn = "dispositions.facts";
    public const string CertificateColumn = "dispositions.certificate";

    public required Guid TenantId { get; init; }

    /// <summary>The certificate's.</summary>
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>By whose word: a member's who emptied it out of the trash, or the vault's own when its time there was over.</summary>
    public required AuditActorKind ByKind { get; init; }
    public Guid? ById { get; init; }
    public required long SizeInBytes { get; init; }
    public required DateTimeOffset MeetingAt { get; init; }

    /// <summary>What can't be read any more when the key is gone, as JSON; under the tenant data key. Null once the certificate says it.</summary>
    public SealedText? Facts { get; set; }
    public DateTimeOffset? KeysDestroyedAt { get; set; }
    public DateTimeOffset? BytesDeletedAt { get; set; }

    /// <summary>Objects that were found under it and deleted, its key objects apart.</summary>
    public int ObjectsDeleted { get; set; }

    /// <summary>Counts the tenant's certificates from 1, without a gap; null until there is one.</summary>
    public int? Number { get; set; }
    public DateTimeOffset? CertifiedAt { get; set; }

    /// <summary>The signed document's text; under the tenant data key, for it names who has copies.</summary>
    public SealedText? Certificate { get; set; }
}

internal sealed class DispositionTable : IEntityTypeConfiguration<Disposition>
{
    public void Configure(EntityTypeBuilder<Disposition> builder)
    {
        builder.ToTable("Dispositions");
        builder.HasKey(row => new { row.TenantId, row.Id });
        builder.HasIndex(row => new { row.TenantId, row.RecordingId }).IsUnique();
        builder.HasIndex(row => new { row.TenantId, row.Number }).IsUnique();
        builder.Property(row => row.ByKind).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
