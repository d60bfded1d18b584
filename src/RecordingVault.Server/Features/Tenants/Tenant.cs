using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>An organisation: it owns keys, a storage prefix and policies.</summary>
internal sealed class Tenant : ITenantOwned
{
    public const string NameColumn = "tenants.name";

    public required Guid TenantId { get; init; }

    /// <summary>Sealed under the tenant data key, row id = tenant id.</summary>
    public required SealedText Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Raised in the transaction of whatever changes a permission; each node reads it once a second (security.md 8).</summary>
    public long Revocations { get; init; }
}

/// <summary>
/// Which tenant an id belongs to, for ids that strangers bring: links and tokens. The only row about a tenant's thing that
/// is read without the tenant; everything after it runs in the tenant's scope (security.md 5).
/// </summary>
internal sealed class Locator
{
    public required Guid Id { get; init; }
    public required LocatorKind Kind { get; init; }
    public required Guid TenantId { get; init; }
}

internal enum LocatorKind
{
    ApiToken,
    Share,
}

internal sealed class TenantTable : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> builder) => builder.HasKey(tenant => tenant.TenantId);
}

internal sealed class LocatorTable : IEntityTypeConfiguration<Locator>
{
    public void Configure(EntityTypeBuilder<Locator> builder)
    {
        builder.HasKey(locator => locator.Id);
        builder.Property(locator => locator.Kind).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(locator => locator.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
