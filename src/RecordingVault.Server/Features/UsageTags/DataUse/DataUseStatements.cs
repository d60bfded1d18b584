using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.UsageTags.DataUse;

/// <summary>The versions of an organisation's statement: a new one with each change of its policy, in the same transaction.</summary>
internal sealed class DataUseStatements(VaultDbContext db, TimeProvider time)
{
    /// <summary>Of the newest, and as many before it: a page stays a page.</summary>
    public const int MostShown = 50;

    /// <summary>The newest first; never empty.</summary>
    public async Task<IReadOnlyList<DataUseVersion>> ReadAsync(CancellationToken cancellationToken)
    {
        var versions = await db.DataUseVersions.AsNoTracking().OrderByDescending(version => version.Number).Take(MostShown).ToListAsync(cancellationToken);
        return versions.Count > 0 ? versions : [First(await db.Tenants.AsNoTracking().SingleAsync(cancellationToken))];
    }

    /// <summary>Called behind the tenant's turn, before the policy on its row is changed.</summary>
    /// <param name="tenant">As it was until now.</param>
    public async Task AddAsync(Tenant tenant, UsageTag tag, string uses, CancellationToken cancellationToken)
    {
        var last = await db.DataUseVersions.MaxAsync(version => (int?)version.Number, cancellationToken);
        if (last is null)
            db.DataUseVersions.Add(First(tenant));
        db.DataUseVersions.Add(new DataUseVersion { TenantId = tenant.TenantId, Number = (last ?? 1) + 1, Since = time.Now(), UsageTag = tag, UsesNeedingConsent = uses });
    }

    private static DataUseVersion First(Tenant tenant) => new() { TenantId = tenant.TenantId, Number = 1, Since = tenant.CreatedAt, UsageTag = tenant.UsageTag, UsesNeedingConsent = tenant.UsesNeedingConsent };
}
