using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Contacts;

/// <summary>At start and every hour: deletes key objects of contacts that were deleted, or never made, and whose objects a crash left, and links whose time is over.</summary>
internal sealed class SweepContactsJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "sweep-contacts";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<ContactKeySweep>().RunAsync(cancellationToken);
            });
        }
    }
}

/// <summary>Only what no row knows, a day later: what is put before its commit is not lone yet.</summary>
internal sealed class ContactKeySweep(VaultDbContext db, SealedStore store, TenantKeys keys, TimeProvider time)
{
    private const int PageLength = 500;
    private static readonly TimeSpan LongestHeld = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await EndLinksAsync(cancellationToken);
        var page = new List<Guid>(PageLength);
        await foreach (var contactId in store.ListContactIdsAsync(db.TenantId, cancellationToken))
        {
            page.Add(contactId);
            if (page.Count < PageLength)
                continue;
            await SweepAsync(page, cancellationToken);
            page.Clear();
        }

        await SweepAsync(page, cancellationToken);
    }

    /// <summary>A day after its end: until then whoever comes late is told that it is over.</summary>
    private async Task EndLinksAsync(CancellationToken cancellationToken)
    {
        var over = time.Now() - LongestHeld;
        await db.Locators.Where(locator => locator.TenantId == db.TenantId && locator.Kind == LocatorKind.OwnRecordings && db.OwnRecordingsLinks.Any(link => link.Id == locator.Id && link.ExpiresAt <= over)).ExecuteDeleteAsync(cancellationToken);
        await db.OwnRecordingsLinks.Where(link => link.ExpiresAt <= over).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task SweepAsync(List<Guid> listed, CancellationToken cancellationToken)
    {
        var before = time.Now() - LongestHeld;
        var known = await db.KeyWraps.Where(wrap => wrap.Kind == KeyKind.Contact && listed.Contains(wrap.OwnerId)).Select(wrap => wrap.OwnerId).ToHashSetAsync(cancellationToken);
        // Its row, too: where a database came back without its wraps, the key objects are the only ones that are left.
        known.UnionWith(await db.Contacts.Where(contact => listed.Contains(contact.Id)).Select(contact => contact.Id).ToListAsync(cancellationToken));
        foreach (var contactId in listed.Where(id => !known.Contains(id)))
        {
            if (await store.HoldsOldKeysOnlyAsync(KeyKind.Contact, db.TenantId, contactId, before, cancellationToken))
                await keys.DeleteContactKeyObjectsAsync(contactId, cancellationToken);
        }
    }
}
