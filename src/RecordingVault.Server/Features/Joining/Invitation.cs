using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Joining;

/// <summary>An invitation of an address into a role. Its secret stands in the fragment of its link and here only as a hash; it is good once.</summary>
internal sealed class Invitation : ITenantOwned, IListed
{
    public const string EmailColumn = "invitations.email";
    public const string NameColumn = "invitations.name";
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);
    private const string SecretLabel = "recordingvault.v1.invitation";

    public required Guid TenantId { get; init; }

    /// <summary>Random, not ordered by time: it stands in a link.</summary>
    public required Guid Id { get; init; }
    public required byte[] SecretHash { get; set; }
    public required Role Role { get; init; }

    /// <summary>Address and name are sealed under the tenant's data key.</summary>
    public required SealedText Email { get; init; }
    public SealedText? Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The present link went to the address by letter and was shown to nobody else: whoever holds it reads that mail.</summary>
    public bool IsMailed { get; set; }

    /// <summary>Who invited, or made the link anew: the invitation is good only while he may invite into its role.</summary>
    public required Guid InvitedBy { get; set; }
    public DateTimeOffset? AcceptedAt { get; private set; }
    public Guid? AcceptedBy { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Raised by each change, so that of two at once one is refused.</summary>
    public int Version { get; private set; }

    public static byte[] HashSecret(Guid id, ReadOnlySpan<byte> secret) => SecretToken.Hash(SecretLabel, id, secret);

    public InvitationState StateAt(DateTimeOffset now) =>
        AcceptedAt is not null ? InvitationState.Accepted
        : RevokedAt is not null ? InvitationState.Revoked
        : now >= ExpiresAt ? InvitationState.Expired
        : InvitationState.Open;

    /// <summary>A new secret and seven new days; the old link stops.</summary>
    public void Renew(byte[] secretHash, Guid memberId, DateTimeOffset now) =>
        (SecretHash, InvitedBy, ExpiresAt, RevokedAt, Version) = (secretHash, memberId, now + Lifetime, null, Version + 1);

    public void Accept(Guid memberId, DateTimeOffset now) => (AcceptedAt, AcceptedBy, Version) = (now, memberId, Version + 1);

    public void Revoke(DateTimeOffset now) => (RevokedAt, Version) = (now, Version + 1);
}

internal enum InvitationState
{
    Open,
    Accepted,
    Expired,
    Revoked,
}

internal sealed class InvitationTable : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.HasKey(invitation => new { invitation.TenantId, invitation.Id });
        builder.Property(invitation => invitation.SecretHash).HasMaxLength(32);
        builder.Property(invitation => invitation.Role).HasConversion<string>().HasMaxLength(16);
        builder.Property(invitation => invitation.Version).IsConcurrencyToken();
        builder.HasIndex(invitation => new { invitation.TenantId, invitation.CreatedAt, invitation.Id });
        builder.HasOne<Member>().WithMany().HasForeignKey(invitation => invitation.InvitedBy).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Member>().WithMany().HasForeignKey(invitation => invitation.AcceptedBy).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(invitation => invitation.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
