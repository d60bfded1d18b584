using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Recordings;

internal sealed class RecordingTable : IEntityTypeConfiguration<Recording>
{
    public void Configure(EntityTypeBuilder<Recording> builder)
    {
        builder.HasKey(recording => new { recording.TenantId, recording.Id });
        builder.HasIndex(recording => new { recording.TenantId, recording.CreatedAt, recording.Id });
        builder.HasIndex(recording => new { recording.TenantId, recording.MeetingAt, recording.Id });
        builder.HasIndex(recording => new { recording.TenantId, recording.LengthOrNone, recording.Id });
        builder.HasIndex(recording => new { recording.TenantId, recording.SizeInBytes, recording.Id });
        builder.HasIndex(recording => new { recording.TenantId, recording.StatePlace, recording.Id }).IsDescending(false, false, true);
        builder.HasIndex(recording => new { recording.TenantId, recording.TrashedAt });
        builder.HasIndex(recording => new { recording.TenantId, recording.VerifiedAt });
        builder.Property(recording => recording.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(recording => recording.Source).HasConversion<string>().HasMaxLength(32);
        builder.Property(recording => recording.MeetingAt).HasComputedColumnSql("COALESCE(recorded_at, created_at)", stored: true);
        builder.Property(recording => recording.LengthOrNone).HasComputedColumnSql("COALESCE(duration_seconds, -1)", stored: true);
        builder.Property(recording => recording.StatePlace).HasComputedColumnSql("CASE state WHEN 'Failed' THEN 0 WHEN 'Receiving' THEN 1 ELSE 2 END", stored: true);
        builder.Property(recording => recording.Label).HasConversion<string>().HasMaxLength(16);
        builder.Property(recording => recording.ManifestDigest).HasMaxLength(32);
        builder.Property(recording => recording.Version).IsConcurrencyToken();
        builder.Ignore(recording => recording.Manifest);
        builder.Ignore(recording => recording.GoesAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(recording => recording.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RecordingAssetTable : IEntityTypeConfiguration<RecordingAsset>
{
    public void Configure(EntityTypeBuilder<RecordingAsset> builder)
    {
        builder.HasKey(asset => new { asset.TenantId, asset.Id });
        builder.Property(asset => asset.Role).HasConversion<string>().HasMaxLength(16);
        builder.Property(asset => asset.MediaType).HasMaxLength(128);
        builder.Property(asset => asset.Language).HasMaxLength(8);
        builder.Property(asset => asset.ContentKey).HasMaxLength(16);
        builder.HasIndex(asset => new { asset.TenantId, asset.ContentKey });
        // With the id: without it SQLite walks the tenant's whole table by its key to have a recording's rows in order.
        builder.HasIndex(asset => new { asset.TenantId, asset.RecordingId, asset.Id });
        builder.HasOne<Recording>().WithMany().HasForeignKey(asset => new { asset.TenantId, asset.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ParticipantTable : IEntityTypeConfiguration<Participant>
{
    public void Configure(EntityTypeBuilder<Participant> builder)
    {
        builder.HasKey(participant => new { participant.TenantId, participant.Id });
        builder.HasIndex(participant => new { participant.TenantId, participant.RecordingId, participant.Id });
        builder.Property(participant => participant.Source).HasConversion<string>().HasMaxLength(32);
        builder.HasOne<Recording>().WithMany().HasForeignKey(participant => new { participant.TenantId, participant.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}
