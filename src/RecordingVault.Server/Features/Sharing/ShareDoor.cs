using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A visitor whose cookie is good for this link: the link's row, his grant, and he as one who asks for content.</summary>
internal sealed record ShareVisit(Share Share, LinkGrant Grant, ShareAsker Asker)
{
    public string? RecipientName => Asker.Actor.Name;
}

/// <summary>Brings a stranger's request to the link that it names, and into its tenant's scope.</summary>
internal sealed class ShareDoor(VaultDbContext db, TenantContext tenant, SystemScope tenants, ShareGrants grants, TenantKeys keys, TimeProvider time)
{
    /// <summary>Finds a link by its id. An unknown id does the same reads, in a tenant that does not exist.</summary>
    public async Task<Share?> FindAsync(Guid shareId, CancellationToken cancellationToken)
    {
        tenant.Enter(await tenants.FindTenantAsync(SystemReason.Locate, LocatorKind.Share, shareId, cancellationToken) ?? Guid.CreateVersion7());
        return await db.Shares.AsNoTracking().SingleOrDefaultAsync(share => share.Id == shareId, cancellationToken);
    }

    /// <summary>The visit that the request's cookie proves; null when it proves none, also after the secret or the passcode was replaced.</summary>
    /// <param name="isUse">False for what a page asks by its clock, which keeps nothing open; what carries the header of such questions is none either.</param>
    public async Task<ShareVisit?> VisitAsync(HttpContext http, Guid shareId, CancellationToken cancellationToken, bool isUse = true)
    {
        if (grants.Cookie.Read(http, shareId) is not { } grant)
            return null;
        tenant.Enter(grant.TenantId);
        var share = await db.Shares.AsNoTracking().SingleOrDefaultAsync(share => share.Id == shareId, cancellationToken);
        if (share is null || share.Generation != grant.Generation)
            return null;
        if (isUse && !http.Request.Headers.ContainsKey(SessionReading.UnattendedHeader) && share.Ended(time.Now()) is null)
            grant = grants.Cookie.Renew(http, grant);
        return new ShareVisit(share, grant, new ShareAsker(await ActorAsync(http, share, cancellationToken), share.Id, grant.GrantId, grant.Generation) { For = Purposes.Of(http.Request, Purpose.ShareExternal) });
    }

    /// <summary>A link acts as itself; whom it was made for stands in the sealed values.</summary>
    public async Task<Actor> ActorAsync(HttpContext http, Share share, CancellationToken cancellationToken)
    {
        string? name = null;
        if (share.RecipientName is { } recipient)
        {
            using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
            name = recipient.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn);
        }

        return new Actor(AuditActorKind.Share, share.Id)
        {
            Name = name,
            Address = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = http.Request.Headers.UserAgent.ToString(),
        };
    }
}
