using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Asking;

/// <summary>A link that was found by its id: the request itself, or a receipt and the request that it answers.</summary>
internal sealed record FoundConsent(ConsentRequest Request, ConsentReceipt? Receipt)
{
    public Guid LinkId => Receipt?.Id ?? Request.Id;

    /// <summary>Whether this is what opens it: of a question its own secret, or that of the letter that reminded.</summary>
    public bool IsOpenedBy(ReadOnlySpan<byte> secret)
    {
        var hash = Receipt is null ? ConsentRequest.HashSecret(LinkId, secret) : ConsentReceipt.HashSecret(LinkId, secret);
        var isFirst = SecretToken.Matches(hash, Receipt?.SecretHash ?? Request.SecretHash);
        var isSecond = SecretToken.Matches(hash, Receipt is null ? Request.ReminderHash ?? new byte[32] : new byte[32]);
        return isFirst || isSecond;
    }
}

/// <summary>Somebody whose cookie is good for this link.</summary>
/// <param name="Name">As the recording names him.</param>
internal sealed record ConsentVisit(FoundConsent Found, LinkGrant Grant, Actor Actor, string Name)
{
    public ConsentRequest Request => Found.Request;

    /// <summary>By a receipt nobody watches: it lasts longer than the asking, and takes back.</summary>
    public ConsentAsker Asker => new(Actor, Request.Id, Grant.GrantId) { For = Purpose.ViewInternal };
}

/// <summary>Brings a stranger's request to the link that it names, and into its tenant's scope.</summary>
internal sealed class ConsentDoor(VaultDbContext db, TenantContext tenant, SystemScope tenants, ConsentGrants grants, TenantKeys keys)
{
    /// <summary>Finds a link by its id. An unknown id does the same reads, in a tenant that does not exist.</summary>
    public async Task<FoundConsent?> FindAsync(Guid linkId, CancellationToken cancellationToken)
    {
        tenant.Enter(await tenants.FindTenantAsync(SystemReason.Locate, LocatorKind.Consent, linkId, cancellationToken) ?? Guid.CreateVersion7());
        return await ReadAsync(linkId, cancellationToken);
    }

    /// <summary>The visit that the request's cookie proves; null when it proves none.</summary>
    public async Task<ConsentVisit?> VisitAsync(HttpContext http, Guid linkId, CancellationToken cancellationToken)
    {
        if (grants.Cookie.Read(http, linkId) is not { } grant)
            return null;
        tenant.Enter(grant.TenantId);
        if (await ReadAsync(linkId, cancellationToken) is not { } found || await NameAsync(found.Request, cancellationToken) is not { } name)
            return null;
        return new ConsentVisit(found, grants.Cookie.Renew(http, grant), ActorOf(http, found.Request, name), name);
    }

    /// <summary>A person who was recorded acts as himself.</summary>
    public async Task<Actor> ActorAsync(HttpContext http, FoundConsent found, CancellationToken cancellationToken) =>
        ActorOf(http, found.Request, await NameAsync(found.Request, cancellationToken));

    private static Actor ActorOf(HttpContext http, ConsentRequest request, string? name) => new(AuditActorKind.Participant, request.ParticipantId)
    {
        Name = name,
        Address = http.Connection.RemoteIpAddress?.ToString(),
        UserAgent = http.Request.Headers.UserAgent.ToString(),
    };

    private async Task<FoundConsent?> ReadAsync(Guid linkId, CancellationToken cancellationToken)
    {
        var receipt = await db.ConsentReceipts.AsNoTracking().SingleOrDefaultAsync(receipt => receipt.Id == linkId, cancellationToken);
        var requestId = receipt?.RequestId ?? linkId;
        return await db.ConsentRequests.AsNoTracking().SingleOrDefaultAsync(request => request.Id == requestId, cancellationToken) is { } request ? new FoundConsent(request, receipt) : null;
    }

    /// <summary>Null where the recording does not name him any more, or is being destroyed.</summary>
    private async Task<string?> NameAsync(ConsentRequest request, CancellationToken cancellationToken)
    {
        var person = await db.Participants.AsNoTracking()
            .Where(person => person.Id == request.ParticipantId && person.RecordingId == request.RecordingId && db.Recordings.Any(recording => recording.Id == request.RecordingId && !recording.IsBeingDestroyed))
            .SingleOrDefaultAsync(cancellationToken);
        if (person is null)
            return null;
        using var key = await keys.RecordingKeyAsync(request.RecordingId, cancellationToken);
        return person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn);
    }
}
