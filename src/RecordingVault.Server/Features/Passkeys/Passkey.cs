using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>
/// What the vault says of a passkey beside Identity's own row, whose JSON stands in clear: so a name never goes there (its Name stays null), and
/// pages and the log know a passkey by an id of ours.
/// </summary>
internal sealed class Passkey
{
    public const string NameColumn = "passkeys.name";

    /// <summary>A member may have as many.</summary>
    public const int Most = 10;

    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }

    /// <summary>The authenticator's id of it; key of Identity's row.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>Sealed under the vault key, tenant id zero, row id = <see cref="Id"/>.</summary>
    public required SealedText Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class PasskeyTable : IEntityTypeConfiguration<Passkey>
{
    // As WebAuthn limits it, and as long as Identity's column.
    private const int LongestCredentialId = 1_023;

    public void Configure(EntityTypeBuilder<Passkey> builder)
    {
        builder.ToTable("Passkeys");
        builder.HasKey(passkey => passkey.Id);
        builder.HasIndex(passkey => passkey.CredentialId).IsUnique();
        builder.HasIndex(passkey => passkey.MemberId);
        builder.Property(passkey => passkey.CredentialId).HasMaxLength(LongestCredentialId);
        builder.HasOne<IdentityUserPasskey<Guid>>().WithMany().HasForeignKey(passkey => passkey.CredentialId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Member>().WithMany().HasForeignKey(passkey => passkey.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
