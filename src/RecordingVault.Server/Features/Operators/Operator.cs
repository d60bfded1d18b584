using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Operators;

/// <summary>
/// Who runs the machine: no member, of no tenant, with a sign-in of his own on a listener of his own. He is made and removed on the machine alone, so no
/// page of a member's reaches him.
/// </summary>
internal sealed class Operator
{
    /// <summary>How long the password is good that was printed when he was made.</summary>
    public static readonly TimeSpan PrintedPasswordLife = TimeSpan.FromHours(24);

    public const string NameColumn = "operators.name";
    public const string EmailColumn = "operators.email";
    public const string SeedColumn = "operators.seed";
    private const string DigestColumn = "operators.name_digest";

    public required Guid Id { get; init; }

    /// <summary>Sealed under the vault key, tenant id zero, row id = operator id; so are address and seed.</summary>
    public required SealedText Name { get; init; }

    /// <summary>Finds him at sign-in: keyed, over the folded name.</summary>
    public required byte[] NameDigest { get; init; }
    public SealedText? Email { get; init; }
    public required string PasswordHash { get; set; }

    /// <summary>The seed of his codes, in base32.</summary>
    public required SealedText Seed { get; init; }

    /// <summary>Time step of the last code that was taken: neither it nor an earlier one works again.</summary>
    public long? LastStep { get; init; }

    /// <summary>Changes with the password; sessions that began under another are over.</summary>
    public required string Stamp { get; set; }

    /// <summary>The password is the one that was printed when he was made.</summary>
    public bool MustChangePassword { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the printed password ends; null as soon as he has one of his own.</summary>
    public DateTimeOffset? PasswordEndsAt => MustChangePassword ? CreatedAt + PrintedPasswordLife : null;
    public DateTimeOffset? SignedInAt { get; init; }

    public static byte[] Digest(ColumnKey vaultKey, string name) => KeyedDigest.Compute(vaultKey, DigestColumn, name);

    public static SealedText Seal(ColumnKey vaultKey, Guid id, string column, string text) => SealedText.Seal(vaultKey, Guid.Empty, id, column, text);
}

/// <summary>A browser in which an operator is signed in; the cookie's half is 32 random bytes, the row's their SHA-256.</summary>
internal sealed class OperatorSession
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromHours(12);
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public required Guid Id { get; init; }
    public required byte[] SecretHash { get; init; }
    public required Guid OperatorId { get; init; }
    public required string Stamp { get; init; }
    public required DateTimeOffset SignedInAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    public bool IsLive(string stamp, DateTimeOffset now) =>
        EndedAt is null && string.Equals(Stamp, stamp, StringComparison.Ordinal) && now < LastSeenAt + IdleLimit && now < SignedInAt + Lifetime;
}

internal sealed class OperatorTable : IEntityTypeConfiguration<Operator>
{
    public void Configure(EntityTypeBuilder<Operator> builder)
    {
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.NameDigest).IsUnique();
        builder.Property(row => row.NameDigest).HasMaxLength(KeyedDigest.LengthInBytes);
        builder.Property(row => row.PasswordHash).HasMaxLength(256);
        builder.Property(row => row.Stamp).HasMaxLength(64);
        builder.Ignore(row => row.PasswordEndsAt);
    }
}

internal sealed class OperatorSessionTable : IEntityTypeConfiguration<OperatorSession>
{
    public void Configure(EntityTypeBuilder<OperatorSession> builder)
    {
        builder.HasKey(session => session.Id);
        builder.HasIndex(session => session.SecretHash).IsUnique();
        builder.Property(session => session.SecretHash).HasMaxLength(32);
        builder.Property(session => session.Stamp).HasMaxLength(64);
        builder.HasOne<Operator>().WithMany().HasForeignKey(session => session.OperatorId).OnDelete(DeleteBehavior.Cascade);
    }
}
