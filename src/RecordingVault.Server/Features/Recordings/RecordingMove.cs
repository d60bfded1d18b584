using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>
/// Files on their way from one recording into another. They are sealed anew under the other's key first, and one transaction then takes them out of the one manifest and
/// into the other: at each moment a file is in exactly one recording, and whole.
/// </summary>
internal sealed class RecordingMove : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required MoveKind Kind { get; init; }
    public required Guid FromId { get; init; }
    public required Guid ToId { get; init; }

    /// <summary>Who asked for it, in person or by a token.</summary>
    public required Guid MemberId { get; init; }
    public Guid? TokenId { get; init; }

    /// <summary>Whether one of the two was restricted when it was asked for, by somebody who may open it.</summary>
    public required bool WasRestricted { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public MoveState State { get; set; } = MoveState.Waiting;

    /// <summary>Of reading and sealing, 0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>Our word for what it waits for, or for why it was given up; null otherwise.</summary>
    public string? Reason { get; set; }

    /// <summary>Until when whoever works at it has said that he does; past it somebody else may.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>Before when nobody need look at it: it waits for something, or a nudge for it is under way.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>How often in a row a look at it came to nothing: each time the next one is further off.</summary>
    public int Waits { get; set; }

    /// <summary>It is over, but the store did not let go of what it left behind: that is tried again each day.</summary>
    public bool HasLeftovers { get; set; }

    /// <summary>When the files changed over.</summary>
    public DateTimeOffset? MovedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The manifest that bound the files where they were: by it the objects that are to be deleted are found.</summary>
    public Guid? OldManifestId { get; private set; }
    public long OldManifestSequence { get; private set; }
    public byte[]? OldManifestDigest { get; private set; }

    public ManifestCommit? OldManifest => OldManifestId is { } id && OldManifestDigest is { } digest ? new ManifestCommit(id, OldManifestSequence, digest) : null;

    /// <summary>Both manifests are committed with this.</summary>
    public void ChangeOver(ManifestCommit old, DateTimeOffset now)
    {
        (OldManifestId, OldManifestSequence, OldManifestDigest) = (old.ObjectId, old.Sequence, old.Digest.ToArray());
        (State, Percent, Reason, ClaimedUntil, MovedAt) = (MoveState.Moved, 100, null, null, now);
    }
}

internal enum MoveKind
{
    /// <summary>Everything of one recording moves into another one.</summary>
    Merge,

    /// <summary>Some files move into a recording of their own.</summary>
    Split,
}

internal enum MoveState
{
    /// <summary>Nobody is at it.</summary>
    Waiting,
    Running,

    /// <summary>The files are in their new place; what was sealed under the old key is deleted soon.</summary>
    Moved,
    Done,

    /// <summary>It is not to be: what was sealed for it is deleted.</summary>
    GivingUp,
    GivenUp,
}

internal sealed class RecordingMoveTable : IEntityTypeConfiguration<RecordingMove>
{
    public void Configure(EntityTypeBuilder<RecordingMove> builder)
    {
        builder.HasKey(move => new { move.TenantId, move.Id });
        builder.HasIndex(move => new { move.TenantId, move.FromId });
        builder.HasIndex(move => new { move.TenantId, move.ToId });
        builder.HasIndex(move => new { move.TenantId, move.State });
        builder.Property(move => move.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(move => move.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(move => move.Reason).HasMaxLength(64);
        builder.Property(move => move.OldManifestDigest).HasMaxLength(32);
        builder.Ignore(move => move.OldManifest);
        builder.HasOne<Recording>().WithMany().HasForeignKey(move => new { move.TenantId, move.FromId }).OnDelete(DeleteBehavior.Restrict);
        // None for where the files go: a split that was given up takes its recording back, and its row stays to tell whoever asked for it.
    }
}
