using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Asking;

internal sealed record OpenConsentRequest(string? Secret);

/// <summary>POST /c/{id}/open: the person pressed Open; the secret against a cookie for this one link.</summary>
internal static class OpenConsent
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, OpenConsentRequest request, HttpContext http, ConsentDoor door, ConsentGrants grants, Throttling throttling, AuditLog audit, TimeProvider time, CancellationToken cancellationToken)
    {
        ThrottleSubject[] tries = [throttling.Address(http.Connection.RemoteIpAddress), throttling.Link(id)];
        if (await throttling.TryAsync(tries, cancellationToken) is { } until)
        {
            http.Response.RetryAfter(until - time.Now());
            return ShareProblems.TooManyTries(until).ToResult();
        }

        var found = await door.FindAsync(id, cancellationToken);
        if (!IsProved(id, found, request.Secret))
            return Problem.NotFound.ToResult();
        foreach (var taken in tries)
            await throttling.GiveBackAsync(taken, cancellationToken);
        var actor = await door.ActorAsync(http, found!, cancellationToken);
        // Whoever has it open already gets the same again, and no second event. A receipt is never over while the recording is there.
        if (found!.Receipt is null && (found.Request.StoppedAt is not null || found.Request.StateAt(time.Now()) is RequestState.Expired) && AskingProblems.Ended(found.Request.StoppedAt, found.Request.ExpiresAt, time.Now()) is { } ended)
        {
            await audit.WriteAsync(new AuditEntry("consent.link-refused", actor, AuditTargetKind.Recording, found.Request.RecordingId) { Outcome = AuditOutcome.Refused, Fields = [("reason", ended.Slug)] }, cancellationToken);
            return ended.ToResult();
        }

        var grant = grants.Cookie.Read(http, id);
        if (grant is null)
            await audit.WriteAsync(new AuditEntry("consent.link-opened", actor, AuditTargetKind.Recording, found.Request.RecordingId) { Fields = [("link", found.Receipt is null ? "request" : "receipt")] }, cancellationToken);
        grants.Cookie.Write(http, grant ?? new LinkGrant(found.Request.TenantId, id, Guid.CreateVersion7(), Generation: 0, time.Now()));
        return TypedResults.NoContent();
    }

    /// <summary>An unknown link costs the same hash as a known one.</summary>
    private static bool IsProved(Guid id, FoundConsent? found, string? text)
    {
        var secret = SecretToken.Parse(text);
        var shown = secret ?? new byte[SecretToken.Length];
        var matches = found?.IsOpenedBy(shown) ?? SecretToken.Matches(ConsentRequest.HashSecret(id, shown), new byte[32]);
        return matches && secret is not null && found is not null;
    }
}
