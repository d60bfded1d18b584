using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>
/// The wish for a copy of a recording's film with a visible mark, and that copy once it is made. It belongs to one link, whose id it has: by that link nothing else of the film leaves.
/// No manifest binds the copy: it can be made again at any time, and goes with its link.
/// </summary>
internal sealed class RecipientCopy : ITenantOwned
{
    public const string RecipientColumn = "recipient_copies.recipient";
    public const string PartsColumn = "recipient_copies.parts";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }

    /// <summary>False once nobody wants it any more: then a sweep takes away what was made, and the row when no worker can have left anything.</summary>
    public bool IsWanted { get; set; } = true;
    public required bool HasSlate { get; set; }
    public required bool HasCorner { get; set; }

    /// <summary>Of the words in it: en or de.</summary>
    public required string Language { get; set; }

    /// <summary>Whose name stands in it, under the recording's key.</summary>
    public required SealedText Recipient { get; set; }
    public ProcessingState State { get; set; } = ProcessingState.Waiting;

    /// <summary>Our word for why it failed; null unless it did.</summary>
    public string? Failure { get; set; }

    /// <summary>0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>How often it was begun. What the machine itself failed at is given up after a while, until somebody asks again.</summary>
    public int Tries { get; set; }

    /// <summary>Until when whoever works at it has said that he does; past it somebody else may.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>When it was last taken up.</summary>
    public DateTimeOffset? RunSince { get; set; }

    /// <summary>When it may be tried again, after the machine failed at it, or, where nobody wants it any more, be destroyed; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>The file that was made; null until one is.</summary>
    public Guid? AssetId { get; set; }

    /// <summary>Where it lies (<see cref="CopyParts"/>), under the recording's key; null until there is something.</summary>
    public SealedText? Parts { get; set; }

    /// <summary>The original that it was made of.</summary>
    public Guid? MadeOf { get; set; }

    /// <summary>Names of tag and label that stand in it, and number of the drawing: it leaves only while they are those in force.</summary>
    public string? MadeTag { get; set; }
    public string? MadeLabel { get; set; }
    public int? MadeForm { get; set; }
}

internal sealed class RecipientCopyTable : IEntityTypeConfiguration<RecipientCopy>
{
    public void Configure(EntityTypeBuilder<RecipientCopy> builder)
    {
        builder.ToTable("recipient_copies");
        builder.HasKey(copy => new { copy.TenantId, copy.Id });
        builder.HasIndex(copy => new { copy.TenantId, copy.RecordingId });
        builder.Property(copy => copy.Language).HasMaxLength(8);
        builder.Property(copy => copy.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(copy => copy.Failure).HasMaxLength(32);
        builder.Property(copy => copy.MadeTag).HasMaxLength(32);
        builder.Property(copy => copy.MadeLabel).HasMaxLength(16);
        builder.HasOne<Recording>().WithMany().HasForeignKey(copy => new { copy.TenantId, copy.RecordingId }).OnDelete(DeleteBehavior.Restrict);
    }
}
