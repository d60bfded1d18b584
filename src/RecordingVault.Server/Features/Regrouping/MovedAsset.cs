using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>One file of a move. Its id is the one that the file gets where it goes: later than every id there, so that the film which plays there stays the first.</summary>
internal sealed class MovedAsset : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid MoveId { get; init; }

    /// <summary>The file's id where it comes from.</summary>
    public required Guid OldId { get; init; }

    /// <summary>What was sealed anew was read back and has the same digest as the file.</summary>
    public bool IsVerified { get; set; }
}

/// <summary>A piece of it that is sealed under the other recording's key, in order. After a kill the next run goes on behind the last one.</summary>
internal sealed class MovedSegment : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid MovedAssetId { get; init; }
    public required int Ordinal { get; init; }
    public required Guid ObjectId { get; init; }
    public required byte[] Salt { get; init; }
    public required int PlaintextLength { get; init; }

    public SegmentRef Ref => new(ObjectId, Salt, PlaintextLength);
}

internal sealed class MovedAssetTable : IEntityTypeConfiguration<MovedAsset>
{
    public void Configure(EntityTypeBuilder<MovedAsset> builder)
    {
        builder.HasKey(asset => new { asset.TenantId, asset.Id });
        builder.HasIndex(asset => new { asset.TenantId, asset.MoveId, asset.OldId }).IsUnique();
        builder.HasOne<RecordingMove>().WithMany().HasForeignKey(asset => new { asset.TenantId, asset.MoveId }).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class MovedSegmentTable : IEntityTypeConfiguration<MovedSegment>
{
    public void Configure(EntityTypeBuilder<MovedSegment> builder)
    {
        builder.HasKey(segment => new { segment.TenantId, segment.Id });
        builder.HasIndex(segment => new { segment.TenantId, segment.MovedAssetId, segment.Ordinal }).IsUnique();
        builder.Property(segment => segment.Salt).HasMaxLength(32);
        builder.Ignore(segment => segment.Ref);
        builder.HasOne<MovedAsset>().WithMany().HasForeignKey(segment => new { segment.TenantId, segment.MovedAssetId }).OnDelete(DeleteBehavior.Cascade);
    }
}
