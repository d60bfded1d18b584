using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Retention.Due;

/// <summary>One night's run over one tenant. The row is written before the work and closed after it: a run that stopped halfway shows.</summary>
internal sealed class RetentionRun : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Recordings whose date was reckoned anew.</summary>
    public int Reckoned { get; set; }
    public int Warned { get; set; }

    /// <summary>Moved to the trash, since their day had come.</summary>
    public int Trashed { get; set; }
    public int ForReview { get; set; }

    /// <summary>Due, and on hold.</summary>
    public int HeldBack { get; set; }
    public int Failed { get; set; }
}

/// <summary>What a member's calendar program is given the due dates by. The secret is shown once; the row has its SHA-256.</summary>
internal sealed class DueFeed : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid MemberId { get; init; }
    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it works.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class RetentionRunTable : IEntityTypeConfiguration<RetentionRun>
{
    public void Configure(EntityTypeBuilder<RetentionRun> builder)
    {
        builder.ToTable("RetentionRuns");
        builder.HasKey(run => new { run.TenantId, run.Id });
        builder.HasIndex(run => new { run.TenantId, run.StartedAt });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(run => run.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DueFeedTable : IEntityTypeConfiguration<DueFeed>
{
    public void Configure(EntityTypeBuilder<DueFeed> builder)
    {
        builder.ToTable("DueFeeds");
        builder.HasKey(feed => new { feed.TenantId, feed.Id });
        builder.HasIndex(feed => new { feed.TenantId, feed.MemberId });
        builder.Property(feed => feed.SecretHash).HasMaxLength(32);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(feed => feed.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
