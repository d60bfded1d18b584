using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>Where sessions begin.</summary>
internal sealed class SessionDoor(MemberTenants tenants, SystemScope system, IServiceScopeFactory scopes, IWaitingInvitation waiting, VaultKeyring keyring, TimeProvider time)
{
    /// <summary>Begins a session in the tenant that the member works in, or used last, under a new secret, ends the one that the browser brought, and tells each of his tenants.</summary>
    /// <returns>False when he belongs to no tenant any more; then nothing happened.</returns>
    public async Task<bool> OpenAsync(HttpContext http, ProvedMember member, Actor actor, CancellationToken cancellationToken)
    {
        var tenantIds = await tenants.ListAsync(member.Id, cancellationToken);
        if (tenantIds.Count == 0 && await waiting.AcceptAsync(http, member.Id, actor, cancellationToken))
            tenantIds = await tenants.ListAsync(member.Id, cancellationToken);
        if (tenantIds.Count == 0)
            return false;

        var entry = new AuditEntry("member.signed-in", actor, AuditTargetKind.Member, member.Id);
        // Whoever shows his password again stays where he was.
        var tenantId = http.User.SessionId() is not null && http.User.MemberId() == member.Id && http.User.TenantId() is { } current && tenantIds.Contains(current) ? current : tenantIds[0];
        await tenants.InEachAsync(tenantIds.Where(other => other != tenantId), services => services.GetRequiredService<AuditLog>().WriteAsync(entry, cancellationToken));

        await EndBeforeAsync(http, member, actor, cancellationToken);
        var (session, secret) = Session.Begin(member, tenantId, actor, keyring.Vault, time.Now());
        await using var scope = system.Enter(session.TenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(entry, cancellationToken);
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        await db.Memberships.Where(row => row.MemberId == member.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastOpenedAt, session.SignedInAt), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        SessionCookie.Write(http.Response, secret);
        return true;
    }

    /// <summary>Ends the session that the browser brought, in that session's tenant: it may be another one, and another member's, and what it streams must stop there.</summary>
    private async Task EndBeforeAsync(HttpContext http, ProvedMember member, Actor actor, CancellationToken cancellationToken)
    {
        if (SessionCookie.ReadHash(http.Request) is not { } hash || await FindAsync(hash, cancellationToken) is not { } before)
            return;
        var leaving = before.MemberId == member.Id ? actor : actor with { Id = before.MemberId, Name = null };
        await using var scope = system.Enter(before.TenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(
            new AuditEntry("member.signed-out", leaving, AuditTargetKind.Member, before.MemberId) { ChangesPermission = true }, cancellationToken);
        var now = time.Now();
        await db.Sessions.Where(old => old.Id == before.Id && old.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(old => old.EndedAt, now), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<Session?> FindAsync(byte[] secretHash, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.AsNoTracking()
            .SingleOrDefaultAsync(session => session.SecretHash == secretHash && session.EndedAt == null, cancellationToken);
    }
}
