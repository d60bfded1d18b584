using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings.Approvals;

internal enum LooseningState
{
    /// <summary>Waits for a second person, unless time or a change went over it (<see cref="LooseningReading.Live"/>).</summary>
    Pending = 1,
    Approved = 2,
    Declined = 3,
    Expired = 4,

    /// <summary>What it asked about is not so any more.</summary>
    Stale = 5,
}

/// <summary>An Owner's or an Admin's wish to loosen the tag of a recording without everybody's consent, which another one approves or declines.</summary>
internal sealed class LooseningRequest : ITenantOwned, IListed
{
    public const string ReasonColumn = "loosening_requests.reason";
    public const string WordColumn = "loosening_requests.word";

    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid RecordingId { get; init; }
    public required Guid AskedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required UsageTag Before { get; init; }
    public required UsageTag Tag { get; init; }

    /// <summary>Of the recording when it was asked: any other change of its tag comes between.</summary>
    public required int TagChanges { get; init; }

    /// <summary>The uses for which everybody's consent was asked and missing, with blanks between. Approving sets aside these, and no other.</summary>
    public required string Uses { get; init; }

    /// <summary>Under the recording's key, as the word of whoever decided.</summary>
    public required SealedText Reason { get; init; }
    public required LooseningState State { get; set; }

    /// <summary>When it was approved or declined, or was seen to be over.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    public Guid? DecidedBy { get; set; }
    public SealedText? Word { get; set; }
}

internal sealed class LooseningRequestTable : IEntityTypeConfiguration<LooseningRequest>
{
    public void Configure(EntityTypeBuilder<LooseningRequest> builder)
    {
        builder.HasKey(request => new { request.TenantId, request.Id });
        builder.HasIndex(request => new { request.TenantId, request.CreatedAt, request.Id });
        builder.HasIndex(request => new { request.TenantId, request.RecordingId });
        builder.HasIndex(request => new { request.TenantId, request.State });
        builder.Property(request => request.Uses).HasMaxLength(128);
        builder.Property(request => request.State).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Recording>().WithMany().HasForeignKey(request => new { request.TenantId, request.RecordingId }).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>They go with their recording, whose key their words are under.</summary>
internal sealed class LooseningRequestRows(VaultDbContext db) : IRecordingRows
{
    public Task DeleteAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.LooseningRequests.Where(request => request.RecordingId == recordingId).ExecuteDeleteAsync(cancellationToken);
}
