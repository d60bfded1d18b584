using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Sharing;

internal sealed class ShareTable : IEntityTypeConfiguration<Share>
{
    public void Configure(EntityTypeBuilder<Share> builder)
    {
        builder.HasKey(share => new { share.TenantId, share.Id });
        builder.HasIndex(share => new { share.TenantId, share.RecordingId, share.CreatedAt });
        builder.HasIndex(share => new { share.TenantId, share.CreatedAt, share.Id });
        builder.Property(share => share.SecretHash).HasMaxLength(32);
        builder.Property(share => share.PasscodeHash).HasMaxLength(256);
        builder.Property(share => share.Version).IsConcurrencyToken();
        // Tokens are never deleted. A foreign key to them came too late: SQLite would build this table anew, outside of a transaction.
        builder.HasIndex(share => new { share.TenantId, share.CreatedByTokenId });
        builder.HasOne<Recording>().WithMany().HasForeignKey(share => new { share.TenantId, share.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ViewingTable : IEntityTypeConfiguration<Viewing>
{
    public void Configure(EntityTypeBuilder<Viewing> builder)
    {
        builder.HasKey(viewing => new { viewing.TenantId, viewing.Id });
        builder.HasIndex(viewing => new { viewing.TenantId, viewing.ShareId, viewing.LastSeenAt });
        builder.HasIndex(viewing => new { viewing.TenantId, viewing.RecordingId });
        builder.HasIndex(viewing => new { viewing.TenantId, viewing.GrantId }).IsUnique();
        builder.Property(viewing => viewing.PlayedParts).HasMaxLength(PlayedParts.Count).IsFixedLength();
        builder.HasOne<Recording>().WithMany().HasForeignKey(viewing => new { viewing.TenantId, viewing.RecordingId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Share>().WithMany().HasForeignKey(viewing => new { viewing.TenantId, viewing.ShareId }).OnDelete(DeleteBehavior.Restrict);
    }
}
