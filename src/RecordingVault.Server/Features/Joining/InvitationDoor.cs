using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>An invitation whose secret was shown, as the person who holds the link may see it.</summary>
/// <param name="AccountId">Of the account that has the invited address, if there is one.</param>
/// <param name="IsMember">Whether that account belongs to the tenant now.</param>
/// <param name="Proof">What the account must show before it may join.</param>
/// <param name="IsMailed">The link came by letter and was shown to nobody else.</param>
internal sealed record ProvedInvitation(
    InvitationLink Link, Guid TenantId, InvitationState State, string TenantName, string Email, string? Name, Role Role, string? InvitedBy, DateTimeOffset ExpiresAt,
    Guid? AccountId, bool IsMember, NeededProof Proof, bool IsMailed);

/// <summary>Whether the account of the invited address may join as it stands (docs/decisions/0126).</summary>
internal enum NeededProof
{
    None,

    /// <summary>Nobody has shown that the account is his who reads the address. The link came by letter, so its holder may take the account in hand.</summary>
    ByThisLink,

    /// <summary>The same, and others saw the link: a reset by mail or by the operator comes first.</summary>
    ByReset,
}

/// <summary>
/// Brings a stranger's link to its invitation, in a scope of the invitation's tenant: whoever asks may be signed in to another one. Who has not
/// shown the right secret hears nothing, whatever is the matter with the invitation.
/// </summary>
internal sealed class InvitationDoor(SystemScope system, MemberTenants tenants, TimeProvider time)
{
    /// <summary>Null without the secret. An unknown id does the same reads and the same hash as a known one, in a tenant that does not exist.</summary>
    public async Task<ProvedInvitation?> ProveAsync(InvitationLink link, CancellationToken cancellationToken)
    {
        var tenantId = await system.FindTenantAsync(SystemReason.Locate, LocatorKind.Invitation, link.Id, cancellationToken) ?? Guid.CreateVersion7();
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var invitation = await db.Invitations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == link.Id, cancellationToken);
        var matches = SecretToken.Matches(link.Hash(), invitation?.SecretHash ?? new byte[32]);
        return matches && invitation is not null ? await OpenAsync(link, invitation, scope.ServiceProvider, cancellationToken) : null;
    }

    private async Task<ProvedInvitation> OpenAsync(InvitationLink link, Invitation invitation, IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<VaultDbContext>();
        var members = services.GetRequiredService<MemberDirectory>();
        using var key = await services.GetRequiredService<TenantKeys>().DataKeyAsync(cancellationToken);
        var email = InvitationReading.EmailOf(invitation, key);
        var account = await members.FindAsync(email, cancellationToken);
        var maker = await db.Users.AsNoTracking().SingleOrDefaultAsync(member => member.Id == invitation.InvitedBy, cancellationToken);
        var standing = await db.Memberships.AsNoTracking().Where(row => row.EndedAt == null && (row.MemberId == invitation.InvitedBy || (account != null && row.MemberId == account.Id)))
            .ToDictionaryAsync(row => row.MemberId, row => (Role?)row.Role, cancellationToken);
        return new ProvedInvitation(
            link,
            invitation.TenantId,
            InvitationReading.State(invitation, standing.GetValueOrDefault(invitation.InvitedBy), time.Now()),
            await services.GetRequiredService<PageFrames>().TenantNameAsync(cancellationToken),
            email,
            InvitationReading.NameOf(invitation, key),
            invitation.Role,
            maker is null ? null : members.NameOf(maker),
            invitation.ExpiresAt,
            account?.Id,
            account is not null && standing.ContainsKey(account.Id),
            account is null || standing.ContainsKey(account.Id) ? NeededProof.None : await NeedAsync(account, invitation, db, cancellationToken),
            invitation.IsMailed);
    }

    /// <summary>
    /// An unproved account comes back without more into the tenant that it has been in, by whose own word it was made or taken in, as long as it belongs to no
    /// other one: its rights there are nothing that this tenant's maker of a link may reach.
    /// </summary>
    public async Task<NeededProof> NeedAsync(Member account, Invitation invitation, VaultDbContext db, CancellationToken cancellationToken) =>
        account.IsAddressProved ? NeededProof.None
        : invitation.IsMailed ? NeededProof.ByThisLink
        : await db.Memberships.AnyAsync(row => row.MemberId == account.Id, cancellationToken)
            && (await tenants.ListAsync(account.Id, cancellationToken)).All(tenantId => tenantId == invitation.TenantId) ? NeededProof.None
        : NeededProof.ByReset;
}
