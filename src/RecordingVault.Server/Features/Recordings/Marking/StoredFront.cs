using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>
/// The front with both marks that one file is downloaded with, or that it has none. Its id is the file's. It is good for one tag and one front without a manifest, and for nothing
/// else: whatever changes one of them outdates it.
/// </summary>
internal sealed class StoredFront : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Under whose key, and where, the front lies.</summary>
    public required Guid RecordingId { get; init; }

    /// <summary>Name of the tag that both its marks say.</summary>
    public required string Tag { get; init; }

    /// <summary>SHA-256 of the front that a view leaves with, from which it was made.</summary>
    public required byte[] PlainDigest { get; init; }

    /// <summary>The sealed front; null where the file can't be signed and leaves with its other mark alone.</summary>
    public Guid? ObjectId { get; init; }

    /// <summary>SHA-256 of the front; null where there is none.</summary>
    public byte[]? FrontDigest { get; init; }

    /// <summary>SHA-256 of the whole file that leaves; null where there is no front.</summary>
    public byte[]? FileDigest { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
}

internal sealed class StoredFrontTable : IEntityTypeConfiguration<StoredFront>
{
    public void Configure(EntityTypeBuilder<StoredFront> builder)
    {
        builder.HasKey(front => new { front.TenantId, front.Id });
        builder.HasIndex(front => new { front.TenantId, front.RecordingId });
        builder.Property(front => front.Tag).HasMaxLength(32);
        builder.Property(front => front.PlainDigest).HasMaxLength(32);
        builder.Property(front => front.FrontDigest).HasMaxLength(32);
        builder.Property(front => front.FileDigest).HasMaxLength(32);
        builder.HasOne<RecordingAsset>().WithOne().HasForeignKey<StoredFront>(front => new { front.TenantId, front.Id }).OnDelete(DeleteBehavior.Cascade);
    }
}
