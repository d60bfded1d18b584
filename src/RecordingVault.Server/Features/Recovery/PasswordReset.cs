using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>
/// A link that sets a new password: for an hour, once, and only while it is the newest of its kind and password and address are as they were. The row
/// goes when the link is used, or when a newer one is made.
/// </summary>
internal sealed class PasswordReset
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }
    public required byte[] SecretHash { get; init; }

    /// <summary>The account's stamp when the link was made.</summary>
    public required string Stamp { get; init; }

    /// <summary>Who made it for him: what he may is looked at again when it is used. Null where it was mailed to the account's own address, or made by the operator.</summary>
    public Guid? MadeById { get; init; }

    /// <summary>Asked for by whoever named the address, and written to it.</summary>
    public bool IsMailed { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }

    public bool IsLive(string? stamp, DateTimeOffset now) => now < EndsAt && string.Equals(Stamp, stamp, StringComparison.Ordinal);
}

internal sealed class PasswordResetTable : IEntityTypeConfiguration<PasswordReset>
{
    public void Configure(EntityTypeBuilder<PasswordReset> builder)
    {
        builder.HasKey(reset => reset.Id);
        builder.HasIndex(reset => reset.MemberId);
        builder.HasIndex(reset => reset.EndsAt);
        builder.Property(reset => reset.SecretHash).HasMaxLength(32);
        builder.Property(reset => reset.Stamp).HasMaxLength(64);
        builder.HasOne<Member>().WithMany().HasForeignKey(reset => reset.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
