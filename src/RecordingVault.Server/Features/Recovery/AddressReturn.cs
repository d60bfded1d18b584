using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>
/// The address that an account had until it was changed: whoever reads it puts it back for seven days, by a link that was written to it alone. No new
/// password ends it: whoever took the account would set one. The operator's word ends it, and joining a further tenant.
/// </summary>
internal sealed class AddressReturn
{
    public const string AddressColumn = "address_returns.address";
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }

    /// <summary>Sealed under the vault key, tenant id zero, row id = id.</summary>
    public required SealedText Address { get; init; }
    public required byte[] SecretHash { get; init; }

    /// <summary>Whether the account was its reader's at this address (docs/decisions/0126).</summary>
    public required bool WasProved { get; init; }

    /// <summary>When the change was asked for: second factors made since then may be those of whoever asked.</summary>
    public required DateTimeOffset AskedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
}

internal sealed class AddressReturnTable : IEntityTypeConfiguration<AddressReturn>
{
    public void Configure(EntityTypeBuilder<AddressReturn> builder)
    {
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.MemberId);
        builder.HasIndex(row => row.EndsAt);
        builder.Property(row => row.SecretHash).HasMaxLength(32);
        builder.HasOne<Member>().WithMany().HasForeignKey(row => row.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
