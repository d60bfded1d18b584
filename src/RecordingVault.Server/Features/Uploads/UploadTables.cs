using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Uploads;

internal sealed class UploadTable : IEntityTypeConfiguration<Upload>
{
    public void Configure(EntityTypeBuilder<Upload> builder)
    {
        builder.HasKey(upload => new { upload.TenantId, upload.Id });
        builder.HasIndex(upload => new { upload.TenantId, upload.State, upload.ExpiresAt });
        builder.HasIndex(upload => new { upload.TenantId, upload.MemberId, upload.State });
        builder.Property(upload => upload.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(upload => upload.Role).HasConversion<string>().HasMaxLength(16);
        builder.Property(upload => upload.MediaType).HasMaxLength(128);
        builder.Property(upload => upload.Version).IsConcurrencyToken();
        builder.HasOne<Recording>().WithMany().HasForeignKey(upload => new { upload.TenantId, upload.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class UploadSegmentTable : IEntityTypeConfiguration<UploadSegment>
{
    public void Configure(EntityTypeBuilder<UploadSegment> builder)
    {
        builder.HasKey(segment => new { segment.TenantId, segment.Id });
        builder.HasIndex(segment => new { segment.TenantId, segment.UploadId, segment.Ordinal }).IsUnique();
        builder.Property(segment => segment.Salt).HasMaxLength(32);
        builder.Ignore(segment => segment.Ref);
        builder.HasOne<Upload>().WithMany().HasForeignKey(segment => new { segment.TenantId, segment.UploadId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class EndedUploadTable : IEntityTypeConfiguration<EndedUpload>
{
    public void Configure(EntityTypeBuilder<EndedUpload> builder)
    {
        builder.HasKey(ended => new { ended.TenantId, ended.Id });
        builder.HasIndex(ended => new { ended.TenantId, ended.EndedAt });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(ended => ended.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
