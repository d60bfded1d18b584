using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>Lets a session go on in another tenant of its member, under a new secret. What it has running in the old one stops.</summary>
internal sealed class TenantSwitch(MemberTenants tenants, SystemScope system, VaultKeyring keyring, TimeProvider time)
{
    /// <returns>False when he does not belong there, or the session has ended meanwhile; then he is in neither.</returns>
    public async Task<bool> SwitchAsync(HttpContext http, Guid tenantId, CancellationToken cancellationToken)
    {
        var (memberId, from, actor) = (http.User.MemberId(), http.User.TenantId()!.Value, http.Actor());
        if (http.User.SessionId() is not { } sessionId || !(await tenants.ListAsync(memberId, cancellationToken)).Contains(tenantId))
            return false;
        if (tenantId == from)
            return true;
        if (await LeaveAsync(from, sessionId, memberId, actor, cancellationToken) is not { } left)
            return false;

        // The old session is over: a browser that goes away now must sign in again, and is in neither.
        var (session, secret) = left.MoveTo(tenantId, actor, keyring.Vault, time.Now());
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(new AuditEntry("member.switched-here", actor, AuditTargetKind.Member, memberId), CancellationToken.None);
        db.Sessions.Add(session);
        await db.SaveChangesAsync(CancellationToken.None);
        await db.Memberships.Where(row => row.MemberId == memberId).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastOpenedAt, session.LastSeenAt), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        SessionCookie.Write(http.Response, secret);
        return true;
    }

    /// <summary>Of two switches of one session at once, the second finds it over.</summary>
    private async Task<Session?> LeaveAsync(Guid tenantId, Guid sessionId, Guid memberId, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(
            new AuditEntry("member.switched-away", actor, AuditTargetKind.Member, memberId) { ChangesPermission = true }, cancellationToken);
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == sessionId && row.EndedAt == null, cancellationToken);
        var now = time.Now();
        if (session is null || await db.Sessions.Where(row => row.Id == sessionId && row.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken) != 1)
            return null;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return session;
    }
}
