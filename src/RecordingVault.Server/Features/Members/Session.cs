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
    public required DateTimeOffset SignedInAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>A session that begins now, and the secret for its cookie.</summary>
    public static (Session Session, byte[] Secret) Begin(Guid memberId, Guid tenantId, DateTimeOffset now)
    {
        var secret = SecretToken.New();
        var session = new Session
        {
            Id = Guid.CreateVersion7(),
            SecretHash = SecretToken.Hash(secret),
            MemberId = memberId,
            TenantId = tenantId,
            SignedInAt = now,
            LastSeenAt = now,
        };
        return (session, secret);
    }

    public bool IsLive(DateTimeOffset now) => EndedAt is null && now < LastSeenAt + IdleLimit && now < SignedInAt + Lifetime;
}

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasKey(session => session.Id);
        builder.HasIndex(session => session.SecretHash).IsUnique();
        builder.HasIndex(session => session.MemberId);
        builder.Property(session => session.SecretHash).HasMaxLength(32);
        builder.HasOne<Member>().WithMany().HasForeignKey(session => session.MemberId).OnDelete(DeleteBehavior.Cascade);
    }
}
