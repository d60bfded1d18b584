using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// A copy of a recording without some spans of it, which is a recording of its own: being made, or made. The row stays as long as both do, and says where the copy comes from.
/// </summary>
internal sealed class RecordingCut : ITenantOwned
{
    /// <summary>As many characters as 200 spans of a week take.</summary>
    public const int LongestSpans = 8_000;

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid FromId { get; init; }

    /// <summary>The copy. It holds nothing until it is whole; where nothing came of it, it is there no more.</summary>
    public required Guid ToId { get; init; }

    /// <summary>The film or sound that it is made of: the one that played when it was asked for.</summary>
    public required Guid AssetId { get; init; }

    /// <summary>Who asked for it, in person or by a token.</summary>
    public required Guid MemberId { get; init; }
    public Guid? TokenId { get; init; }

    /// <summary>As <c>EditSpans</c> writes them.</summary>
    public required string Spans { get; init; }

    /// <summary>Ids of the participants who, by the member's word, are not in the copy any more.</summary>
    public required string Without { get; init; }

    /// <summary>Whether the original was restricted when it was asked for, by somebody who may open it.</summary>
    public required bool WasRestricted { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public ProcessingState State { get; set; } = ProcessingState.Waiting;

    /// <summary>Our word for why nothing came of it; null unless that is so.</summary>
    public string? Failure { get; set; }

    /// <summary>0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>How often it was begun. What the machine itself failed at is given up after a while, until somebody asks again.</summary>
    public int Tries { get; set; }

    /// <summary>Until when whoever works at it has said that he does; past it somebody else may.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>When it was last taken up.</summary>
    public DateTimeOffset? RunSince { get; set; }

    /// <summary>When it may be tried again, after the machine failed at it; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How long the run took that made it.</summary>
    public double? WorkSeconds { get; set; }

    /// <summary>Files of the original that are not in the copy, since nothing says which of their words belong to which moment.</summary>
    public int LeftOut { get; set; }

    public IReadOnlyList<Guid> WithoutIds => [.. Without.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse)];
}

internal sealed class RecordingCutTable : IEntityTypeConfiguration<RecordingCut>
{
    public void Configure(EntityTypeBuilder<RecordingCut> builder)
    {
        builder.HasKey(cut => new { cut.TenantId, cut.Id });
        builder.HasIndex(cut => new { cut.TenantId, cut.FromId });
        builder.HasIndex(cut => new { cut.TenantId, cut.ToId });
        builder.HasIndex(cut => new { cut.TenantId, cut.State });
        builder.Property(cut => cut.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(cut => cut.Failure).HasMaxLength(64);
        builder.Property(cut => cut.Spans).HasMaxLength(RecordingCut.LongestSpans);
        builder.Ignore(cut => cut.WithoutIds);
        builder.HasOne<Recording>().WithMany().HasForeignKey(cut => new { cut.TenantId, cut.FromId }).OnDelete(DeleteBehavior.Restrict);
        // None for the copy: where nothing came of it, its recording is taken back, and the row stays to tell whoever asked.
    }
}
