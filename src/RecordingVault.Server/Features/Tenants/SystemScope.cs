using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>Why work looks across tenants. Each use is named here, so that a reader can count them.</summary>
internal enum SystemReason
{
    /// <summary>A stranger brought an id (link, token).</summary>
    Locate,

    /// <summary>A sweep goes through all tenants, one scope each.</summary>
    Sweep,

    /// <summary>A server verb or the first start looks for a tenant.</summary>
    Provision,
}

/// <summary>Work that spans tenants: it can list tenant ids and find the tenant of an id, and nothing else. Each tenant's work then runs in a scope of its own (security.md 5).</summary>
internal sealed class SystemScope(IServiceScopeFactory scopes)
{
    public async Task<IReadOnlyList<Guid>> ListTenantsAsync(SystemReason reason, CancellationToken cancellationToken)
    {
        RequireReason(reason);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        return await db.Tenants.IgnoreQueryFilters([VaultDbContext.TenantFilter]).OrderBy(tenant => tenant.TenantId).Select(tenant => tenant.TenantId).ToListAsync(cancellationToken);
    }

    public async Task<Guid?> FindTenantAsync(SystemReason reason, LocatorKind kind, Guid id, CancellationToken cancellationToken)
    {
        RequireReason(reason);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        return await db.Locators.Where(locator => locator.Id == id && locator.Kind == kind).Select(locator => (Guid?)locator.TenantId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>A scope of one tenant; the caller disposes it.</summary>
    public AsyncServiceScope Enter(Guid tenantId)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        return scope;
    }

    private static void RequireReason(SystemReason reason)
    {
        if (!Enum.IsDefined(reason))
            throw new ArgumentOutOfRangeException(nameof(reason));
    }
}
