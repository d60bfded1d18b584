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

    /// <summary>The session, token or opened link that the asker came by. Two people with one link have a release each.</summary>
    public required Guid GrantId { get; init; }
    public required ReleasePurpose Purpose { get; init; }

    /// <summary>The manifest that the event names; bytes of a later one need an event of their own.</summary>
    public required long ManifestSequence { get; init; }
    public required Guid AuditEventId { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset LastRequestAt { get; set; }

    /// <summary>Bytes of content that this server sent; its last 10 seconds may be lost in a crash.</summary>
    public long FetchedBytes { get; set; }
}

/// <summary>What content leaves for. Only the first two have a door; the others are known so that a tag can refuse them by name.</summary>
internal enum ReleasePurpose
{
    View,
    Download,
    Export,
    Transcribe,
    AiInference,
    AiTraining,
    DataMining,
}

internal static class ReleasePurposeNames
{
    public static string Name(this ReleasePurpose purpose) => purpose switch
    {
        ReleasePurpose.View => "view",
        ReleasePurpose.Download => "download",
        ReleasePurpose.Export => "export",
        ReleasePurpose.Transcribe => "transcribe",
        ReleasePurpose.AiInference => "ai-inference",
        ReleasePurpose.AiTraining => "ai-training",
        ReleasePurpose.DataMining => "data-mining",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}

internal sealed class ReleaseTable : IEntityTypeConfiguration<Release>
{
    public void Configure(EntityTypeBuilder<Release> builder)
    {
        builder.HasKey(release => new { release.TenantId, release.Id });
        builder.HasIndex(release => new { release.TenantId, release.GrantId, release.RecordingId, release.Purpose, release.LastRequestAt });
        builder.HasIndex(release => new { release.TenantId, release.RecordingId, release.OpenedAt });
        builder.Property(release => release.AskerKind).HasConversion<string>().HasMaxLength(16);
        builder.Property(release => release.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Recording>().WithMany().HasForeignKey(release => new { release.TenantId, release.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}
