using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Members;

/// <summary>A signed-in browser. The cookie holds 32 random bytes, this row their SHA-256; it belongs to a member and names the tenant that he works in (security.md 9).</summary>
internal sealed class Session
{
    public const string UserAgentColumn = "sessions.user_agent";
    public const string AddressColumn = "sessions.address";
    private const int LongestUserAgent = 512;

    public static readonly TimeSpan IdleLimit = TimeSpan.FromHours(12);
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }
    public required byte[] SecretHash { get; init; }
    public required Guid MemberId { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>The member's security stamp as it stood beside the password that was checked. A new password brings a new stamp, so a sign-in that was on its way meanwhile opens nothing.</summary>
    public required string Stamp { get; init; }

    /// <summary>Whether two factors were shown for it: password and code, or a passkey that knew its owner. Without it, a tenant that asks for two opens nothing but the way to a second one.</summary>
    public required bool HasTwoFactors { get; init; }
    public required DateTimeOffset SignedInAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Opened by a passkey. What Identity writes into its own claims says "password" of a passkey too.</summary>
    public bool IsByPasskey { get; init; }

    /// <summary>What the browser called itself at sign-in, and where it stood: sealed under the vault key, tenant id zero, row id = session id. Null where nothing was said.</summary>
    public SealedText? UserAgent { get; init; }
    public SealedText? Address { get; init; }

    /// <summary>A session that begins now at the actor's browser, and the secret for its cookie.</summary>
    public static (Session Session, byte[] Secret) Begin(ProvedMember member, Guid tenantId, Actor at, VaultKey key, DateTimeOffset now) => Begin(Guid.CreateVersion7(), member, tenantId, at, key, now);

    private static (Session Session, byte[] Secret) Begin(Guid id, ProvedMember member, Guid tenantId, Actor at, VaultKey key, DateTimeOffset now)
    {
        var secret = SecretToken.New();
        var session = new Session
        {
            Id = id,
            SecretHash = SecretToken.Hash(secret),
            MemberId = member.Id,
            TenantId = tenantId,
            Stamp = member.Stamp,
            HasTwoFactors = member.HasTwoFactors,
            SignedInAt = now,
            LastSeenAt = now,
            IsByPasskey = member.IsByPasskey,
            UserAgent = Seal(key, id, UserAgentColumn, at.UserAgent is { Length: > LongestUserAgent } agent ? agent[..LongestUserAgent] : at.UserAgent),
            Address = Seal(key, id, AddressColumn, at.Address),
        };
        return (session, secret);
    }

    /// <summary>
    /// The member has shown again who he is: signed in anew under a new secret, and still the same session, so that what was packed for it or runs for it goes on.
    /// Its row is replaced, not added.
    /// </summary>
    public (Session Session, byte[] Secret) ShowAgain(ProvedMember member, Actor at, VaultKey key, DateTimeOffset now) => Begin(Id, member, TenantId, at, key, now);

    /// <summary>
    /// The same browser goes on after a change to the account, under a new secret and the account's new stamp. It counts as signed in anew only where the change
    /// itself showed a second factor: the present password alone is less than a sign-in asks for.
    /// </summary>
    public (Session Session, byte[] Secret) GoOn(string stamp, bool showsSecondFactor, Actor at, VaultKey key, DateTimeOffset now) =>
        Follow(stamp, TenantId, HasTwoFactors || showsSecondFactor, showsSecondFactor ? now : SignedInAt, at, key, now);

    /// <summary>The same sign-in in another tenant: a new secret, and no hour more than it had.</summary>
    public (Session Session, byte[] Secret) MoveTo(Guid tenantId, Actor at, VaultKey key, DateTimeOffset now) => Follow(Stamp, tenantId, HasTwoFactors, SignedInAt, at, key, now);

    /// <summary>When it ends by itself, unless it is used before.</summary>
    public DateTimeOffset EndsAt => LastSeenAt + IdleLimit < SignedInAt + Lifetime ? LastSeenAt + IdleLimit : SignedInAt + Lifetime;

    /// <param name="stamp">The member's stamp as it stands now.</param>
    public bool IsLive(string? stamp, DateTimeOffset now) =>
        EndedAt is null && string.Equals(Stamp, stamp, StringComparison.Ordinal) && now < EndsAt;

    private (Session Session, byte[] Secret) Follow(string stamp, Guid tenantId, bool hasTwoFactors, DateTimeOffset signedInAt, Actor at, VaultKey key, DateTimeOffset now)
    {
        var (session, secret) = Begin(new ProvedMember(MemberId, stamp) { HasTwoFactors = hasTwoFactors, IsByPasskey = IsByPasskey }, tenantId, at, key, signedInAt);
        session.LastSeenAt = now;
        return (session, secret);
    }

    private static SealedText? Seal(VaultKey key, Guid id, string column, string? text) => string.IsNullOrEmpty(text) ? null : SealedText.Seal(key, Guid.Empty, id, column, text);
}

/// <summary>A member who has just shown who he is, and his stamp from the same read as what it was checked against.</summary>
internal sealed record ProvedMember(Guid Id, string Stamp)
{
    /// <summary>Password and code, or a passkey that knew its owner.</summary>
    public bool HasTwoFactors { get; init; }

    /// <summary>The password was right, and that is not enough: he has a second factor, and shows it, or a recovery code, before anything opens.</summary>
    public bool NeedsSecond { get; init; }

    /// <summary>He showed a passkey.</summary>
    public bool IsByPasskey { get; init; }
}

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
