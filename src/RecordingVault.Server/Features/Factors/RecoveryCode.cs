using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Factors;

/// <summary>One of the ten codes that a member keeps on paper for the day on which his second factor is lost. The row holds a hash: 80 random bits can't be searched (security.md 9).</summary>
internal sealed class RecoveryCode
{
    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }
    public required byte[] Hash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
}

internal sealed class RecoveryCodeTable : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.ToTable("RecoveryCodes");
        builder.HasKey(code => code.Id);
        builder.HasIndex(code => new { code.MemberId, code.Hash }).IsUnique();
        builder.Property(code => code.Hash).HasMaxLength(32);
        builder.HasOne<Member>().WithMany().HasForeignKey(code => code.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
