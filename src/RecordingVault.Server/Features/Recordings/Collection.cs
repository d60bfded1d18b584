using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>Recordings that belong together by somebody's choice: a client, a course, a case. A recording is in one at most.</summary>
internal sealed class Collection : ITenantOwned
{
    public const string NameColumn = "collections.name";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Under the tenant data key.</summary>
    public required SealedText Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required Guid CreatedBy { get; init; }
}

/// <summary>That a recording is in a collection. Whoever changes it touches the recording, whose date depends on it.</summary>
internal sealed class CollectedRecording : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid RecordingId { get; init; }
    public required Guid CollectionId { get; set; }
}

internal sealed class CollectedRecordingTable : IEntityTypeConfiguration<CollectedRecording>
{
    public void Configure(EntityTypeBuilder<CollectedRecording> builder)
    {
        builder.ToTable("CollectedRecordings");
        builder.HasKey(row => new { row.TenantId, row.RecordingId });
        builder.HasIndex(row => new { row.TenantId, row.CollectionId, row.RecordingId });
        builder.HasOne<Collection>().WithMany().HasForeignKey(row => new { row.TenantId, row.CollectionId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Recording>().WithOne().HasForeignKey<CollectedRecording>(row => new { row.TenantId, row.RecordingId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class CollectionTable : IEntityTypeConfiguration<Collection>
{
    public void Configure(EntityTypeBuilder<Collection> builder)
    {
        builder.ToTable("Collections");
        builder.HasKey(collection => new { collection.TenantId, collection.Id });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(collection => collection.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
