using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Operators.Passkeys;

/// <summary>A passkey of an operator: what is needed to check an answer, and what he calls it. It is no use without the authenticator.</summary>
internal sealed class OperatorPasskey
{
    public const string NameColumn = "operator_passkeys.name";

    public required Guid Id { get; init; }
    public required Guid OperatorId { get; init; }

    /// <summary>The authenticator's id of it.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>As COSE writes it.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The authenticator's own count of answers; 0 where it keeps none.</summary>
    public required long SignCount { get; init; }
    public required bool IsBackupEligible { get; init; }
    public required bool IsBackedUp { get; init; }

    /// <summary>Sealed under the vault key, tenant id zero, row id = <see cref="Id"/>.</summary>
    public required SealedText Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>As Identity checks it. How it was made is not kept: nobody asks for it again.</summary>
    public UserPasskeyInfo ToChecked() =>
        new(CredentialId, PublicKey, CreatedAt, (uint)SignCount, transports: null, isUserVerified: true, IsBackupEligible, IsBackedUp, attestationObject: [], clientDataJson: []);
}

internal sealed class OperatorPasskeyTable : IEntityTypeConfiguration<OperatorPasskey>
{
    // As WebAuthn limits it.
    private const int LongestCredentialId = 1_023;

    public void Configure(EntityTypeBuilder<OperatorPasskey> builder)
    {
        builder.HasKey(passkey => passkey.Id);
        builder.HasIndex(passkey => passkey.CredentialId).IsUnique();
        builder.Property(passkey => passkey.CredentialId).HasMaxLength(LongestCredentialId);
        builder.HasOne<Operator>().WithMany().HasForeignKey(passkey => passkey.OperatorId).OnDelete(DeleteBehavior.Cascade);
    }
}
