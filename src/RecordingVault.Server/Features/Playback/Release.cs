using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// One decision to let content leave: a viewing, a download, a list page's posters. Its audit event is durable before its
/// first byte leaves; later requests of the same asker join it while it is open (security.md 8).
/// </summary>
internal sealed class Release : ITenantOwned
{
    /// <summary>A release without a request for this long is over; the next request opens another one.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required AuditActorKind AskerKind { get; init; }
    public required Guid AskerId { get; init; }
    public required ReleasePurpose Purpose { get; init; }
    public required Guid AuditEventId { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset LastRequestAt { get; set; }

    /// <summary>Bytes of content that this server sent; its last 10 seconds may be lost in a crash.</summary>
    public long FetchedBytes { get; set; }
}

internal enum ReleasePurpose
{
    View,
    Download,
}

internal sealed class ReleaseTable : IEntityTypeConfiguration<Release>
{
    public void Configure(EntityTypeBuilder<Release> builder)
    {
        builder.HasKey(release => new { release.TenantId, release.Id });
        builder.HasIndex(release => new { release.TenantId, release.RecordingId, release.AskerId, release.Purpose, release.LastRequestAt });
        builder.Property(release => release.AskerKind).HasConversion<string>().HasMaxLength(16);
        builder.Property(release => release.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Recording>().WithMany().HasForeignKey(release => new { release.TenantId, release.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}
