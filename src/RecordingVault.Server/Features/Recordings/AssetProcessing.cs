using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>How far the making of poster, waveform and rendition of one original has come, and what it was found to hold. Its id is the asset's.</summary>
internal sealed class AssetProcessing : ITenantOwned
{
    public const string ChaptersColumn = "asset_processings.chapters";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public ProcessingState State { get; set; } = ProcessingState.Waiting;

    /// <summary>Our word for why it failed; null unless it did.</summary>
    public string? Failure { get; set; }

    /// <summary>Of the step that takes longest, 0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>How often it was begun. What the machine itself failed at is given up after a while, until somebody asks again.</summary>
    public int Tries { get; set; }

    /// <summary>Until when whoever works at it has said that he does; past it somebody else may.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }
    public double? DurationSeconds { get; set; }
    public int? Width { get; set; }
    public int? Height { get; set; }

    /// <summary>ffmpeg's names of the streams that a player plays, as h264 and aac.</summary>
    public string? VideoCodec { get; set; }
    public string? SoundCodec { get; set; }

    /// <summary>When the recording began, by its file's own word.</summary>
    public DateTimeOffset? BeganAt { get; set; }

    /// <summary>Seconds from one picture to the next in the sheet of thumbnails, and how many stand in a row; null where there is no sheet.</summary>
    public double? SheetStepSeconds { get; set; }
    public int? SheetColumns { get; set; }

    /// <summary>Chapters as JSON, under the recording's key: their titles are somebody's words.</summary>
    public SealedText? Chapters { get; set; }
}

internal enum ProcessingState
{
    /// <summary>Nobody has begun, or whoever had is gone.</summary>
    Waiting,
    Running,
    Done,

    /// <summary>Nothing more can be made of the file; it stays as it came.</summary>
    Failed,
}

internal sealed class AssetProcessingTable : IEntityTypeConfiguration<AssetProcessing>
{
    public void Configure(EntityTypeBuilder<AssetProcessing> builder)
    {
        builder.HasKey(processing => new { processing.TenantId, processing.Id });
        builder.HasIndex(processing => new { processing.TenantId, processing.RecordingId });
        builder.Property(processing => processing.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(processing => processing.Failure).HasMaxLength(64);
        builder.Property(processing => processing.VideoCodec).HasMaxLength(32);
        builder.Property(processing => processing.SoundCodec).HasMaxLength(32);
        builder.HasOne<RecordingAsset>().WithOne().HasForeignKey<AssetProcessing>(processing => new { processing.TenantId, processing.Id }).OnDelete(DeleteBehavior.Cascade);
    }
}
