using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.People;

/// <summary>
/// Changes and ends memberships, under the tenant's lock: what is decided from is read behind it, so of two owners who take each other's role at
/// once one stays, and an asker who lost his own role meanwhile decides nothing.
/// </summary>
internal sealed class MembershipChange(VaultDbContext db, AuditLog audit, IMemberNotices notices, InvitationRevocation invitations, MemberLinks links, IServiceProvider services)
{
    private readonly TokenEnding tokens = services.GetRequiredService<TokenEnding>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();

    /// <summary>Null means done; the same role again is done already.</summary>
    public async Task<Problem?> SetRoleAsync(Guid memberId, Role role, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await FindAsync(memberId, cancellationToken) is not { } membership)
            return Problem.NotFound;
        if (await RoleOfAsync(http.User.MemberId(), cancellationToken) is not { } own || !own.MayManage(membership.Role) || !own.MayManage(role))
            return PeopleProblems.AboveYou;
        if (membership.Role == role)
            return null;
        if (membership.Role is Role.Owner && await IsLastOwnerAsync(memberId, cancellationToken))
            return PeopleProblems.LastOwner;

        var before = membership.Role;
        membership.Role = role;
        await audit.AppendAsync(
            new AuditEntry("member.role-changed", http.Actor(), AuditTargetKind.Member, memberId) { ChangesPermission = true, Fields = [("role", role.ToString()), ("before", before.ToString())] },
            cancellationToken);
        await invitations.RevokeOfAsync(memberId, role, http.Actor(), cancellationToken);
        await notices.TellAsync(memberId, MemberNotice.RoleChanged, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Ends a membership with its tokens, sessions and open invitations. The links that he made stay. Null means done.</summary>
    public async Task<Problem?> RemoveAsync(Guid memberId, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var asker = http.User.MemberId();
        if (await FindAsync(memberId, cancellationToken) is not { } membership)
            return Problem.NotFound;
        // Whoever leaves decides about nobody but himself.
        if (memberId != asker && (await RoleOfAsync(asker, cancellationToken) is not { } own || !own.MayManage(membership.Role)))
            return PeopleProblems.AboveYou;
        if (membership.Role is Role.Owner && await IsLastOwnerAsync(memberId, cancellationToken))
            return PeopleProblems.LastOwner;

        var now = time.Now();
        membership.EndedAt = now;
        var left = await links.CountLiveOfAsync(memberId, cancellationToken);
        await audit.AppendAsync(
            new AuditEntry(memberId == asker ? "member.left" : "member.removed", http.Actor(), AuditTargetKind.Member, memberId)
            {
                ChangesPermission = true,
                Fields = [("role", membership.Role.ToString()), ("links", left.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            },
            cancellationToken);
        await tokens.EndOfAsync(memberId, http.Actor(), cancellationToken);
        await invitations.RevokeOfAsync(memberId, role: null, http.Actor(), cancellationToken);
        await notices.TellAsync(memberId, MemberNotice.MembershipEnded, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var tenantId = db.TenantId;
        await db.Sessions.Where(row => row.MemberId == memberId && row.TenantId == tenantId && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    public Task<bool> IsLastOwnerAsync(Guid memberId, CancellationToken cancellationToken) =>
        db.Memberships.AllAsync(row => row.EndedAt != null || row.Role != Role.Owner || row.MemberId == memberId, cancellationToken);

    private Task<Membership?> FindAsync(Guid memberId, CancellationToken cancellationToken) =>
        db.Memberships.SingleOrDefaultAsync(row => row.MemberId == memberId && row.EndedAt == null, cancellationToken);

    private Task<Role?> RoleOfAsync(Guid memberId, CancellationToken cancellationToken) =>
        db.Memberships.AsNoTracking().Where(row => row.MemberId == memberId && row.EndedAt == null).Select(row => (Role?)row.Role).SingleOrDefaultAsync(cancellationToken);
}
