using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Keys;

/// <summary>A wrapped key of a tenant, the same 176 bytes as its key object in the bucket (security.md 2). Deleting the row and the object is disposal.</summary>
internal sealed class KeyWrap : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>The wrapped key's id.</summary>
    public required Guid Id { get; init; }
    public required KeyKind Kind { get; init; }

    /// <summary>Recording, contact, evidence or export; zero for keys of the tenant itself.</summary>
    public required Guid OwnerId { get; init; }
    public required Guid WrappingKeyId { get; init; }
    public required byte[] Wrap { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public static KeyWrap From(WrappedKey wrap, DateTimeOffset now) => new()
    {
        TenantId = wrap.TenantId,
        Id = wrap.KeyId,
        Kind = wrap.Kind,
        OwnerId = wrap.OwnerId,
        WrappingKeyId = wrap.WrappingKeyId,
        Wrap = wrap.Bytes.ToArray(),
        CreatedAt = now,
    };
}

internal sealed class KeyWrapTable : IEntityTypeConfiguration<KeyWrap>
{
    public void Configure(EntityTypeBuilder<KeyWrap> builder)
    {
        builder.HasKey(wrap => new { wrap.TenantId, wrap.Id });
        builder.HasIndex(wrap => new { wrap.TenantId, wrap.Kind, wrap.OwnerId });
        builder.Property(wrap => wrap.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(wrap => wrap.Wrap).HasMaxLength(4096);
    }
}
