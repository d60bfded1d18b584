using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
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

    /// <summary>What the asker said that he wants it for. Another purpose is another release.</summary>
    public required Purpose For { get; init; }

    /// <summary>The processor that it left to: another one is another release. It may be taken back since.</summary>
    public Guid? ProcessorId { get; init; }

    /// <summary>The manifest that the event names; bytes of a later one need an event of their own.</summary>
    public required long ManifestSequence { get; init; }

    /// <summary>The tag that everything of it carries. Another tag is another release, so that an event names each mark that left.</summary>
    public required string Tag { get; init; }

    /// <summary>SHA-256 of the front that its film is sent with, which its event names; null where there is none.</summary>
    public required byte[]? FrontDigest { get; init; }

    /// <summary>The copy for one recipient that it sends, which its event names; null where it sends what the manifest names.</summary>
    public Guid? CopyId { get; init; }
    public required Guid AuditEventId { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset LastRequestAt { get; set; }

    /// <summary>Bytes of content that this server sent; its last 10 seconds may be lost in a crash.</summary>
    public long FetchedBytes { get; set; }
}

/// <summary>How content leaves, each way with a door of its own. What it is asked for is its <see cref="Purpose"/>.</summary>
internal enum ReleasePurpose
{
    View,
    Download,

    /// <summary>What a page shows beside the film before and while it plays: picture, waveform, captions. No viewing.</summary>
    Preview,

    /// <summary>The pictures of a list. Its event may name many recordings and stand in the log of none, so nothing but those pictures joins it.</summary>
    List,
}

internal static class ReleasePurposeNames
{
    /// <summary>Whether it is for what stands for a film or beside it, and not for the film: no viewing, and good wherever a viewing would be.</summary>
    public static bool IsBesideFilm(this ReleasePurpose purpose) => purpose is ReleasePurpose.Preview or ReleasePurpose.List;

    public static string Name(this ReleasePurpose purpose) => purpose switch
    {
        ReleasePurpose.View => "view",
        ReleasePurpose.Download => "download",
        ReleasePurpose.Preview => "preview",
        ReleasePurpose.List => "list",
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
        builder.Property(release => release.Tag).HasMaxLength(32);
        builder.Property(release => release.FrontDigest).HasMaxLength(32);
        builder.Property(release => release.Purpose).HasConversion<string>().HasMaxLength(16);
        builder.Property(release => release.For).HasColumnName("stated_for").HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Recording>().WithMany().HasForeignKey(release => new { release.TenantId, release.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}
