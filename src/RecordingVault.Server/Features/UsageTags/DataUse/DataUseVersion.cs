using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.UsageTags.DataUse;

/// <summary>What an organisation said publicly of the use of its recordings, from a day on. The first one is what every organisation begins with; it is written when there comes a second.</summary>
internal sealed class DataUseVersion : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>From 1, without a gap.</summary>
    public required int Number { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required UsageTag UsageTag { get; init; }
    public required string UsesNeedingConsent { get; init; }
}

internal sealed class DataUseVersionTable : IEntityTypeConfiguration<DataUseVersion>
{
    public void Configure(EntityTypeBuilder<DataUseVersion> builder)
    {
        builder.HasKey(version => new { version.TenantId, version.Number });
        builder.Property(version => version.Number).ValueGeneratedNever();
        builder.Property(version => version.UsesNeedingConsent).HasMaxLength(128);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(version => version.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
