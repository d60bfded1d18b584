using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>
/// That whoever reads the mail of an address may see in which recordings its owner is, by a link that was sent there. The secret stands in the link's fragment and here only as a
/// hash, the address only as its digest: what it leads to is found anew each time.
/// </summary>
internal sealed class OwnRecordingsLink : ITenantOwned
{
    private const string SecretLabel = "recordingvault.v1.own-recordings";

    public required Guid TenantId { get; init; }

    /// <summary>Random, not ordered by time: it stands in a link.</summary>
    public required Guid Id { get; init; }
    public required byte[] SecretHash { get; init; }

    /// <summary>As a contact's.</summary>
    public required byte[] EmailDigest { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    public static byte[] HashSecret(Guid id, ReadOnlySpan<byte> secret) => SecretToken.Hash(SecretLabel, id, secret);
}

internal sealed class OwnRecordingsLinkTable : IEntityTypeConfiguration<OwnRecordingsLink>
{
    public void Configure(EntityTypeBuilder<OwnRecordingsLink> builder)
    {
        builder.HasKey(link => new { link.TenantId, link.Id });
        builder.HasIndex(link => new { link.TenantId, link.ExpiresAt });
        builder.Property(link => link.SecretHash).HasMaxLength(32);
        builder.Property(link => link.EmailDigest).HasMaxLength(KeyedDigest.LengthInBytes);
    }
}
