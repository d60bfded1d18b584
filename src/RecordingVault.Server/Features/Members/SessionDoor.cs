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
    /// <summary>
    /// Begins a session in the tenant that the member works in, or used last, under a new secret, ends the one that the browser brought, and tells each of his tenants. Whoever brought his own
    /// and stays in its tenant has shown again who he is: his session goes on under a new secret.
    /// </summary>
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

        var before = SessionCookie.ReadHash(http.Request) is { } hash ? await FindAsync(hash, cancellationToken) : null;
        var own = before is not null && before.MemberId == member.Id && before.TenantId == tenantId && before.IsLive(member.Stamp, time.Now()) ? before : null;
        if (before is not null && own is null)
            await EndAsync(before, member, actor, cancellationToken);
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The secret that an own session was known by until now opens nothing from here on.
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(entry with { ChangesPermission = own is not null }, cancellationToken);
        var (session, secret) = own?.ShowAgain(member, actor, keyring.Vault, time.Now()) ?? Session.Begin(member, tenantId, actor, keyring.Vault, time.Now());
        if (own is not null && !await ReplaceAsync(db, own, session, cancellationToken))
        {
            // It ended, or went on in another request, since it was read.
            (session, secret) = Session.Begin(member, tenantId, actor, keyring.Vault, time.Now());
            own = null;
        }

        if (own is null)
            db.Sessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        await db.Memberships.Where(row => row.MemberId == member.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastOpenedAt, session.SignedInAt), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        SessionCookie.Write(http.Response, secret);
        return true;
    }

    private static async Task<bool> ReplaceAsync(VaultDbContext db, Session before, Session session, CancellationToken cancellationToken) =>
        await db.Sessions.Where(row => row.Id == before.Id && row.SecretHash == before.SecretHash && row.EndedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.SecretHash, session.SecretHash).SetProperty(row => row.Stamp, session.Stamp).SetProperty(row => row.HasTwoFactors, session.HasTwoFactors)
                .SetProperty(row => row.SignedInAt, session.SignedInAt).SetProperty(row => row.LastSeenAt, session.LastSeenAt).SetProperty(row => row.IsByPasskey, session.IsByPasskey)
                .SetProperty(row => row.UserAgent, session.UserAgent).SetProperty(row => row.Address, session.Address),
            cancellationToken) == 1;

    /// <summary>Ends the session that the browser brought, in that session's tenant: it may be another one, and another member's, and what it streams must stop there.</summary>
    private async Task EndAsync(Session before, ProvedMember member, Actor actor, CancellationToken cancellationToken)
    {
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
