using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Signing;

/// <summary>
/// The public part of a key that signed here once. It belongs to no tenant's rows and names none: it outlives the organisation that it signed for, and whoever
/// reads the list learns nothing of who else is in this vault.
/// </summary>
internal sealed class PublishedKey
{
    public required Guid Id { get; init; }
    public required SigningUse Use { get; init; }
    public required SignatureKind Algorithm { get; init; }
    public required byte[] PublicKey { get; init; }

    /// <summary>A certificate (DER), where the format that it signs wants one: made by the key of itself, or by the vault's authority.</summary>
    public byte[]? Certificate { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>The last moment that it signed or may sign at.</summary>
    public required DateTimeOffset Until { get; set; }
}

internal sealed class PublishedKeyTable : IEntityTypeConfiguration<PublishedKey>
{
    public void Configure(EntityTypeBuilder<PublishedKey> builder)
    {
        builder.HasKey(key => key.Id);
        builder.Property(key => key.Use).HasConversion<string>().HasMaxLength(16);
        builder.Property(key => key.Algorithm).HasConversion<string>().HasMaxLength(16);
        builder.Property(key => key.PublicKey).HasMaxLength(256);
        builder.Property(key => key.Certificate).HasMaxLength(2048);
    }
}
