using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>A member wants another address. It takes effect when the letters to the present and to the new one were both answered; either stops it.</summary>
internal sealed class AddressChange
{
    public const string AddressColumn = "address_changes.new_address";
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }

    /// <summary>Sealed under the vault key, tenant id zero, row id = id.</summary>
    public required SealedText NewAddress { get; init; }
    public required byte[] NewSecretHash { get; init; }
    public required byte[] OldSecretHash { get; init; }

    /// <summary>The account's stamp when it was asked for: a new password ends it.</summary>
    public required string Stamp { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public DateTimeOffset? NewAgreedAt { get; init; }
    public DateTimeOffset? OldAgreedAt { get; init; }

    public bool IsLive(string? stamp, DateTimeOffset now) => now < EndsAt && string.Equals(Stamp, stamp, StringComparison.Ordinal);
}

internal sealed class AddressChangeTable : IEntityTypeConfiguration<AddressChange>
{
    public void Configure(EntityTypeBuilder<AddressChange> builder)
    {
        builder.HasKey(change => change.Id);
        builder.HasIndex(change => change.MemberId).IsUnique();
        builder.HasIndex(change => change.EndsAt);
        builder.Property(change => change.NewSecretHash).HasMaxLength(32);
        builder.Property(change => change.OldSecretHash).HasMaxLength(32);
        builder.Property(change => change.Stamp).HasMaxLength(64);
        builder.HasOne<Member>().WithMany().HasForeignKey(change => change.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
