using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Contacts.Own;

internal static class OwnPaths
{
    public const string Root = "/o";

    public static string Of(Guid id) => $"{Root}/{id}";

    public static string AskOf(Guid tenantId) => $"/t/{tenantId}/recorded";
}

/// <summary>The cookies of these links: a scheme of their own, which no member's route, share link or question looks at.</summary>
internal sealed class OwnGrants(IDataProtectionProvider protection, TimeProvider time)
{
    public const string CookieName = "__Secure-rvo";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(30);

    public LinkCookie Cookie { get; } = new(CookieName, OwnPaths.Root, s_lifetime, protection.CreateProtector("recordingvault.v1.own-recordings-grant"), time);
}

/// <summary>Brings a stranger's request to the link that it names, and into its tenant's scope.</summary>
internal sealed class OwnDoor(VaultDbContext db, TenantContext tenant, SystemScope tenants, OwnGrants grants, OwnRecordings own, TimeProvider time)
{
    /// <summary>Finds a link by its id. An unknown id does the same reads, in a tenant that does not exist.</summary>
    public async Task<OwnRecordingsLink?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        tenant.Enter(await tenants.FindTenantAsync(SystemReason.Locate, LocatorKind.OwnRecordings, id, cancellationToken) ?? Guid.CreateVersion7());
        return await db.OwnRecordingsLinks.AsNoTracking().SingleOrDefaultAsync(link => link.Id == id, cancellationToken);
    }

    /// <summary>What the request's cookie may see; null when it proves nothing, or the link is over.</summary>
    public async Task<(OwnRecordingsLink Link, FoundOwn Found)?> VisitAsync(HttpContext http, Guid id, CancellationToken cancellationToken)
    {
        if (grants.Cookie.Read(http, id) is not { } grant)
            return null;
        tenant.Enter(grant.TenantId);
        var now = time.Now();
        if (await db.OwnRecordingsLinks.AsNoTracking().SingleOrDefaultAsync(link => link.Id == id && link.ExpiresAt > now, cancellationToken) is not { } link)
            return null;
        grants.Cookie.Renew(http, grant);
        return (link, await own.FindAsync(link.EmailDigest, cancellationToken) ?? new FoundOwn("", "", [], IsCut: false));
    }
}
