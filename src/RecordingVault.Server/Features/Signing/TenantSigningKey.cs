using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Signing;

/// <summary>What a key signs: one use each, and never another.</summary>
internal enum SigningUse
{
    /// <summary>Export packages.</summary>
    Package = 1,

    /// <summary>The vCon inside them.</summary>
    Vcon = 2,

    /// <summary>The C2PA manifests of files that leave for good.</summary>
    C2pa = 3,

    /// <summary>The certificates of those keys. It is the vault's, and no organisation's.</summary>
    Authority = 4,

    /// <summary>Certificates of destruction. It is the vault's: they outlive the organisation that they were made for.</summary>
    Destruction = 5,
}

internal static class SigningUses
{
    public static SignatureKind Kind(this SigningUse use) => use switch
    {
        SigningUse.Package or SigningUse.Destruction => SignatureKind.Ed25519,
        SigningUse.Vcon or SigningUse.C2pa or SigningUse.Authority => SignatureKind.Es256,
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    public static string Name(this SigningUse use) => use switch
    {
        SigningUse.Package => "package",
        SigningUse.Vcon => "vcon",
        SigningUse.C2pa => "c2pa",
        SigningUse.Authority => "authority",
        SigningUse.Destruction => "destruction",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };
}

/// <summary>That a tenant signs with a key. Its secret is a wrap of kind Signing under the same id, which goes when the key has signed for its year.</summary>
internal sealed class TenantSigningKey : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required SigningUse Use { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>Null while it signs.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class TenantSigningKeyTable : IEntityTypeConfiguration<TenantSigningKey>
{
    public void Configure(EntityTypeBuilder<TenantSigningKey> builder)
    {
        builder.HasKey(key => new { key.TenantId, key.Id });
        builder.HasIndex(key => new { key.TenantId, key.Use, key.EndedAt });
        builder.Property(key => key.Use).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(key => key.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
