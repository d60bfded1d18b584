using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Joining;

internal static class RevokeInvitation
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, InvitationRevocation revocation, CancellationToken cancellationToken) =>
        await revocation.RevokeAsync(id, http, cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
}

/// <summary>Withdraws invitations: their links open nothing from then on.</summary>
internal sealed class InvitationRevocation(VaultDbContext db, AuditLog audit, IInvitationPost post, TimeProvider time)
{
    /// <summary>Null means done. Twice is the same as once.</summary>
    public async Task<Problem?> RevokeAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Invitations.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } invitation)
            return Problem.NotFound;
        if (!http.User.RoleInTenant().MayManage(invitation.Role))
            return Problem.Forbidden;
        if (invitation.AcceptedAt is not null)
            return JoiningProblems.InvitationAccepted;
        if (invitation.RevokedAt is null)
            await RevokeAsync(invitation, http.Actor(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>In the running transaction, behind the tenant's lock: what somebody invited and may not invite any more, because he left or has a lower role now.</summary>
    /// <param name="role">Null for somebody who is gone.</param>
    public async Task RevokeOfAsync(Guid memberId, Role? role, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var open = await db.Invitations.Where(row => row.InvitedBy == memberId && row.AcceptedAt == null && row.RevokedAt == null && row.ExpiresAt > now).ToListAsync(cancellationToken);
        foreach (var invitation in open.Where(invitation => role is not { } left || !left.MayManage(invitation.Role)))
            await RevokeAsync(invitation, actor, cancellationToken);
    }

    private async Task RevokeAsync(Invitation invitation, Actor actor, CancellationToken cancellationToken)
    {
        invitation.Revoke(time.Now());
        await post.TakeBackAsync(invitation.Id, cancellationToken);
        await audit.AppendAsync(new AuditEntry("invitation.revoked", actor, AuditTargetKind.Invitation, invitation.Id), cancellationToken);
    }
}
