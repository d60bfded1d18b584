using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>A lost second factor is to be taken off. The member is told at once and has a day to stop it; the row goes when it is stopped or done.</summary>
internal sealed class FactorRemoval
{
    public static readonly TimeSpan Delay = TimeSpan.FromHours(24);

    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }

    /// <summary>What he may is looked at again when the day is over. Null for the operator.</summary>
    public Guid? AskedById { get; init; }

    /// <summary>Of the link in the letter, which stops it.</summary>
    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
}

internal sealed class FactorRemovalTable : IEntityTypeConfiguration<FactorRemoval>
{
    public void Configure(EntityTypeBuilder<FactorRemoval> builder)
    {
        builder.HasKey(removal => removal.Id);
        builder.HasIndex(removal => removal.MemberId).IsUnique();
        builder.HasIndex(removal => removal.DueAt);
        builder.Property(removal => removal.SecretHash).HasMaxLength(32);
        builder.HasOne<Member>().WithMany().HasForeignKey(removal => removal.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
