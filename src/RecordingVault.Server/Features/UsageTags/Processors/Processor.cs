using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.UsageTags.Processors;

/// <summary>Somebody who works on recordings for the organisation and as it says: a service that makes transcripts. Content may leave to it for <see cref="Purpose.Transcribe"/>, and for nothing else.</summary>
internal sealed class Processor : ITenantOwned
{
    public const string NameColumn = "processors.name";

    public const int LongestName = 100;

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Sealed under the tenant data key.</summary>
    public required SealedText Name { get; init; }
    public required DateTimeOffset Since { get; init; }
}

internal sealed class ProcessorTable : IEntityTypeConfiguration<Processor>
{
    public void Configure(EntityTypeBuilder<Processor> builder)
    {
        builder.HasKey(processor => new { processor.TenantId, processor.Id });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(processor => processor.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
