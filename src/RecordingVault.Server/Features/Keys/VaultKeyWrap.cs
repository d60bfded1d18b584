using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Keys;

/// <summary>A wrapped key that belongs to the vault and to no tenant: the vault key itself.</summary>
internal sealed class VaultKeyWrap
{
    public required Guid Id { get; init; }
    public required KeyKind Kind { get; init; }
    public required Guid WrappingKeyId { get; init; }
    public required byte[] Wrap { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class VaultKeyWrapTable : IEntityTypeConfiguration<VaultKeyWrap>
{
    public void Configure(EntityTypeBuilder<VaultKeyWrap> builder)
    {
        builder.HasKey(wrap => wrap.Id);
        builder.Property(wrap => wrap.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(wrap => wrap.Wrap).HasMaxLength(4096);
    }
}
