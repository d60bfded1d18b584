using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>Where sessions begin.</summary>
internal sealed class SessionDoor(MemberTenants tenants, SystemScope system, TimeProvider time)
{
    /// <summary>Begins a session in the member's first tenant under a new secret, ends the one that the browser brought, and tells each of his tenants.</summary>
    /// <returns>False when he belongs to no tenant any more; then nothing happened.</returns>
    public async Task<bool> OpenAsync(HttpContext http, ProvedMember member, Actor actor, CancellationToken cancellationToken)
    {
        var tenantIds = await tenants.ListAsync(member.Id, cancellationToken);
        if (tenantIds.Count == 0)
            return false;

        var entry = new AuditEntry("member.signed-in", actor, AuditTargetKind.Member, member.Id);
        await tenants.InEachAsync(tenantIds.Skip(1), services => services.GetRequiredService<AuditLog>().WriteAsync(entry, cancellationToken));

        var now = time.Now();
        var (session, secret) = Session.Begin(member, tenantIds[0], now);
        await using var scope = system.Enter(session.TenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (SessionCookie.ReadHash(http.Request) is { } before)
            await db.Sessions.Where(old => old.SecretHash == before && old.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(old => old.EndedAt, now), cancellationToken);
        db.Sessions.Add(session);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(entry, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        SessionCookie.Write(http.Response, secret);
        return true;
    }
}
