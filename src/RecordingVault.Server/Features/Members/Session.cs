using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>A signed-in browser. The cookie holds 32 random bytes, this row their SHA-256; it belongs to a member and names the tenant that he works in (security.md 9).</summary>
internal sealed class Session
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromHours(12);
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }
    public required byte[] SecretHash { get; init; }
    public required Guid MemberId { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>The member's security stamp as it stood beside the password that was checked. A new password brings a new stamp, so a sign-in that was on its way meanwhile opens nothing.</summary>
    public required string Stamp { get; init; }
    public required DateTimeOffset SignedInAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>A session that begins now, and the secret for its cookie.</summary>
    public static (Session Session, byte[] Secret) Begin(ProvedMember member, Guid tenantId, DateTimeOffset now)
    {
        var secret = SecretToken.New();
        var session = new Session
        {
            Id = Guid.CreateVersion7(),
            SecretHash = SecretToken.Hash(secret),
            MemberId = member.Id,
            TenantId = tenantId,
            Stamp = member.Stamp,
            SignedInAt = now,
            LastSeenAt = now,
        };
        return (session, secret);
    }

    /// <summary>When it ends by itself, unless it is used before.</summary>
    public DateTimeOffset EndsAt => LastSeenAt + IdleLimit < SignedInAt + Lifetime ? LastSeenAt + IdleLimit : SignedInAt + Lifetime;

    /// <param name="stamp">The member's stamp as it stands now.</param>
    public bool IsLive(string? stamp, DateTimeOffset now) =>
        EndedAt is null && string.Equals(Stamp, stamp, StringComparison.Ordinal) && now < EndsAt;
}

/// <summary>A member who has just shown his password, and his stamp from the same read as the hash that it was checked against.</summary>
internal sealed record ProvedMember(Guid Id, string Stamp);

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasKey(session => session.Id);
        builder.HasIndex(session => session.SecretHash).IsUnique();
        builder.HasIndex(session => session.MemberId);
        builder.Property(session => session.SecretHash).HasMaxLength(32);
        builder.Property(session => session.Stamp).HasMaxLength(64);
        builder.HasOne<Member>().WithMany().HasForeignKey(session => session.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
