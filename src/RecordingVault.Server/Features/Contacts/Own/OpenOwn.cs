using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Contacts.Own;

internal sealed record OpenOwnRequest(string? Secret);

/// <summary>POST /o/{id}/open: the person pressed Open; the secret against a cookie for this one link.</summary>
internal static class OpenOwn
{
    public const string Opened = "contact.link-opened";

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, OpenOwnRequest request, HttpContext http, OwnDoor door, OwnGrants grants, Throttling throttling, AuditLog audit, TimeProvider time, CancellationToken cancellationToken)
    {
        ThrottleSubject[] tries = [throttling.Address(http.Connection.RemoteIpAddress), throttling.Link(id)];
        if (await throttling.TryAsync(tries, cancellationToken) is { } until)
        {
            http.Response.RetryAfter(until - time.Now());
            return ShareProblems.TooManyTries(until).ToResult();
        }

        var link = await door.FindAsync(id, cancellationToken);
        // An unknown link costs the same hash as a known one.
        var secret = SecretToken.Parse(request.Secret);
        var matches = SecretToken.Matches(OwnRecordingsLink.HashSecret(id, secret ?? new byte[SecretToken.Length]), link?.SecretHash ?? new byte[32]);
        if (!matches || secret is null || link is null)
            return Problem.NotFound.ToResult();
        foreach (var taken in tries)
            await throttling.GiveBackAsync(taken, cancellationToken);
        if (ShareProblems.Ended(stoppedAt: null, link.ExpiresAt, time.Now()) is { } ended)
        {
            await audit.WriteAsync(new AuditEntry(Opened, http.Stranger(), AuditTargetKind.Tenant, link.TenantId) { Outcome = AuditOutcome.Refused, Fields = [("link", $"{id}"), ("reason", ended.Slug)] }, cancellationToken);
            return ended.ToResult();
        }

        // Whoever has it open already gets the same again, and no second event.
        var grant = grants.Cookie.Read(http, id);
        if (grant is null)
            await audit.WriteAsync(new AuditEntry(Opened, http.Stranger(), AuditTargetKind.Tenant, link.TenantId) { Fields = [("link", $"{id}")] }, cancellationToken);
        grants.Cookie.Write(http, grant ?? new LinkGrant(link.TenantId, id, Guid.CreateVersion7(), Generation: 0, time.Now()));
        return TypedResults.NoContent();
    }
}
