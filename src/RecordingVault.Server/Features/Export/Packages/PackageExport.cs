using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Export.Packages;

internal enum ExportState
{
    /// <summary>Nobody has begun.</summary>
    Waiting = 1,
    Building = 2,

    /// <summary>It can be fetched until its time is over.</summary>
    Ready = 3,

    /// <summary>No recording of it may leave, or none could be packed.</summary>
    Refused = 4,

    /// <summary>Its time is over, or somebody ended it: key and package are gone.</summary>
    Ended = 5,

    /// <summary>It could not be built, three times over.</summary>
    Failed = 6,
}

internal static class ExportStates
{
    public static string Name(this ExportState state) => state switch
    {
        ExportState.Waiting => "waiting",
        ExportState.Building => "building",
        ExportState.Ready => "ready",
        ExportState.Refused => "refused",
        ExportState.Failed => "failed",
        _ => "ended",
    };
}

/// <summary>Somebody's wish to hand recordings to somebody, and the package that came of it. All of it is sealed under a key of its own, which goes when its time is over.</summary>
internal sealed class PackageExport : ITenantOwned, IListed
{
    public const string RecipientColumn = "package_exports.recipient";

    /// <summary>How long a package can be fetched.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Purpose For { get; init; }

    /// <summary>Under the export's own key: when that is gone, the log alone says who it was for.</summary>
    public required SealedText Recipient { get; set; }

    /// <summary>Who asked, and by what he came: while it is built, he must still be allowed.</summary>
    public required Guid MemberId { get; init; }
    public Guid? SessionId { get; init; }
    public Guid? TokenId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When the licence in the package ends.</summary>
    public required DateTimeOffset LicensedUntil { get; init; }
    public required ExportState State { get; set; }

    /// <summary>Until when the one who builds it is believed to be at it; while it waits, not before when it is tried again.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>How often somebody began to build it.</summary>
    public int Tries { get; set; }

    /// <summary>Recordings that were looked at so far.</summary>
    public int Done { get; set; }

    /// <summary>Nothing of it lies in the store any more.</summary>
    public bool IsSwept { get; set; }
    public Guid? ObjectId { get; set; }
    public long? SizeInBytes { get; set; }
    public byte[]? Sha256 { get; set; }

    /// <summary>How often somebody began to fetch it, and when last.</summary>
    public int Fetches { get; set; }
    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>When the last byte of it was first handed to somebody's line; null where nobody got it whole.</summary>
    public DateTimeOffset? FetchedWholeAt { get; set; }

    /// <summary>The run over everything that made it, and which round of it; null where somebody asked for just these.</summary>
    public Guid? RunId { get; set; }
    public int? Round { get; set; }
}

/// <summary>One recording of an export, and what became of it.</summary>
internal sealed class PackageExportItem : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid ExportId { get; init; }
    public required Guid RecordingId { get; init; }

    /// <summary>From 1, in the order in which they were asked for.</summary>
    public required int Number { get; init; }

    /// <summary>Null while nobody has looked.</summary>
    public bool? IsPacked { get; set; }

    /// <summary>The tag that its files were packed with; null where nothing was.</summary>
    public UsageTag? Tag { get; set; }

    /// <summary>Our word for what stood in the way.</summary>
    public string? Reason { get; set; }

    /// <summary>The same as a sentence of ours, which names nobody.</summary>
    public string? Sentence { get; set; }
}

internal sealed class PackageExportTable : IEntityTypeConfiguration<PackageExport>
{
    public void Configure(EntityTypeBuilder<PackageExport> builder)
    {
        builder.HasKey(export => new { export.TenantId, export.Id });
        builder.HasIndex(export => new { export.TenantId, export.CreatedAt, export.Id });
        builder.HasIndex(export => new { export.TenantId, export.State, export.ExpiresAt });
        builder.Property(export => export.For).HasColumnName("stated_for").HasConversion<string>().HasMaxLength(16);
        builder.Property(export => export.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(export => export.Sha256).HasMaxLength(32);
        builder.HasIndex(export => new { export.TenantId, export.RunId, export.State });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(export => export.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PackageExportItemTable : IEntityTypeConfiguration<PackageExportItem>
{
    public void Configure(EntityTypeBuilder<PackageExportItem> builder)
    {
        builder.HasKey(item => new { item.TenantId, item.ExportId, item.RecordingId });
        builder.HasIndex(item => new { item.TenantId, item.RecordingId });
        builder.Property(item => item.Reason).HasMaxLength(64);
        builder.Property(item => item.Sentence).HasMaxLength(1024);
        builder.HasOne<PackageExport>().WithMany().HasForeignKey(item => new { item.TenantId, item.ExportId }).OnDelete(DeleteBehavior.Restrict);
    }
}
