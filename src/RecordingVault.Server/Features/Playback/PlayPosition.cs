using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Where a member stopped watching a recording, so that he goes on there. It is told to nobody else.</summary>
internal sealed class PlayPosition : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid MemberId { get; init; }
    public required Guid RecordingId { get; init; }
    public double Seconds { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class PlayPositionTable : IEntityTypeConfiguration<PlayPosition>
{
    public void Configure(EntityTypeBuilder<PlayPosition> builder)
    {
        builder.HasKey(position => new { position.TenantId, position.MemberId, position.RecordingId });
        builder.HasIndex(position => new { position.TenantId, position.RecordingId });
        builder.HasOne<Recording>().WithMany().HasForeignKey(position => new { position.TenantId, position.RecordingId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Member>().WithMany().HasForeignKey(position => position.MemberId).OnDelete(DeleteBehavior.Restrict);
    }
}
