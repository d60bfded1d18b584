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

    /// <summary>Somebody proved who he is: which tenants are his.</summary>
    SignIn,

    /// <summary>An operator looks at names and sizes; each tenant's log tells it.</summary>
    Operate,

    /// <summary>Whoever runs the machine asks how many things wait, in all tenants together.</summary>
    Examine,
}

/// <summary>Work that spans tenants: it can list tenant ids and find the tenant of an id, and nothing else. Each tenant's work then runs in a scope of its own (security.md 5).</summary>
internal sealed partial class SystemScope(IServiceScopeFactory scopes, ILogger<SystemScope> log)
{
    public async Task<IReadOnlyList<Guid>> ListTenantsAsync(SystemReason reason, CancellationToken cancellationToken)
    {
        Looks(log, reason);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        return await db.Tenants.IgnoreQueryFilters([VaultDbContext.TenantFilter]).OrderBy(tenant => tenant.TenantId).Select(tenant => tenant.TenantId).ToListAsync(cancellationToken);
    }

    /// <summary>The tenants of some rows, in the rows' order: whose they are and nothing else of them.</summary>
    public async Task<IReadOnlyList<Guid>> ListTenantsAsync<TRow>(SystemReason reason, Func<IQueryable<TRow>, IQueryable<TRow>> which, CancellationToken cancellationToken)
        where TRow : class, ITenantOwned
    {
        Looks(log, reason);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        return await which(db.Set<TRow>().IgnoreQueryFilters([VaultDbContext.TenantFilter])).Select(row => row.TenantId).ToListAsync(cancellationToken);
    }

    public async Task<Guid?> FindTenantAsync(SystemReason reason, LocatorKind kind, Guid id, CancellationToken cancellationToken)
    {
        Looks(log, reason);
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

    [LoggerMessage(EventId = 310, Level = LogLevel.Debug, Message = "Looks across tenants: {Reason}")]
    private static partial void Looks(ILogger log, SystemReason reason);
}
