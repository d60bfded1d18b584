using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>How far the making of poster, waveform and rendition of one original has come, and what it was found to hold. Its id is the asset's.</summary>
internal sealed class AssetProcessing : ITenantOwned
{
    public const string ChaptersColumn = "asset_processings.chapters";

    /// <summary>How far the whole is when all but the rendition is made.</summary>
    public const int SmallPercent = 20;

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

    /// <summary>When it was last taken up.</summary>
    public DateTimeOffset? RunSince { get; set; }

    /// <summary>When it may be tried again, after the machine failed at it; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>All but the rendition is made, and that has to be encoded: it waits in a queue of its own, or somebody is at it.</summary>
    public bool NeedsRendition { get; set; }
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

    /// <summary>How many small pictures one sheet holds at most.</summary>
    public const int MostPictures = 100;

    /// <summary>How many pictures a film of this length has in its sheet.</summary>
    public static int SheetCount(double seconds, double step) => (int)Math.Clamp(Math.Ceiling(seconds / step), 1, MostPictures);

    /// <summary>Rows of the sheet, by the length of the file that it was made of: what plays may be a little longer.</summary>
    public static int SheetRows(double seconds, double step, int columns) => (SheetCount(seconds, step) + columns - 1) / columns;

    /// <summary>Chapters as JSON, under the recording's key: their titles are somebody's words.</summary>
    public SealedText? Chapters { get; set; }
}

/// <summary>What is made in one go: a queue each.</summary>
internal enum MakingStage
{
    /// <summary>Facts, pictures, waveform, captions, streams in another container: minutes at most.</summary>
    Small,

    /// <summary>A film encoded anew, which may take hours.</summary>
    Rendition,
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
