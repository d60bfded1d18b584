using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Operators;

/// <summary>All that an operator sees of an organisation.</summary>
public sealed record TenantLine(Guid Id, string Name, long SizeInBytes, int Recordings, int Members);

/// <summary>Looks at organisations for an operator. The look is an event in each one's own log before anything of it is read: no record, no look.</summary>
internal sealed class TenantLooks(SystemScope system)
{
    public const string Looked = "operator.looked";

    /// <summary>A verb on the machine reached the tenant and wrote no other event.</summary>
    public const string Ran = "operator.ran";

    /// <summary>So many on one page, in the order of their ids.</summary>
    public const int PageLength = 50;

    /// <param name="after">The last id of the page before; null for the first.</param>
    public async Task<(IReadOnlyList<TenantLine> Lines, Guid? Next)> PageAsync(Guid? after, Actor actor, CancellationToken cancellationToken)
    {
        var all = await system.ListTenantsAsync(SystemReason.Operate, cancellationToken);
        var start = after is { } last ? all.TakeWhile(id => id != last).Count() + 1 : 0;
        var page = all.Skip(start).Take(PageLength).ToList();
        var lines = new List<TenantLine>();
        foreach (var tenantId in page)
            lines.Add(await LookAsync(tenantId, actor, cancellationToken));
        return (lines, start + page.Count < all.Count ? page[^1] : null);
    }

    private async Task<TenantLine> LookAsync(Guid tenantId, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var services = scope.ServiceProvider;
        await services.GetRequiredService<AuditLog>().WriteAsync(new AuditEntry(Looked, actor, AuditTargetKind.Tenant, tenantId), cancellationToken);
        var db = services.GetRequiredService<VaultDbContext>();
        return new TenantLine(
            tenantId,
            await services.GetRequiredService<PageFrames>().TenantNameAsync(cancellationToken),
            await db.Recordings.SumAsync(recording => recording.SizeInBytes, cancellationToken),
            await db.Recordings.CountAsync(cancellationToken),
            await db.Memberships.CountAsync(membership => membership.EndedAt == null, cancellationToken));
    }
}
