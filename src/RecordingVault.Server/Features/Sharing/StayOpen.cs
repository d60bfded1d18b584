using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Until when an opened link stays open on this device: half an hour after its last use, and no longer than the link itself.</summary>
/// <param name="SecondsLeft">By the vault's clock: the browser's may be wrong.</param>
/// <param name="CanRenew">Whether using it again makes that later: false where the link itself ends then.</param>
internal sealed record StayResponse(DateTimeOffset EndsAt, double SecondsLeft, bool CanRenew)
{
    public static StayResponse Of(ShareVisit visit, TimeSpan lifetime, DateTimeOffset now)
    {
        var idle = visit.Grant.IssuedAt + lifetime;
        var ends = visit.Share.ExpiresAt < idle ? visit.Share.ExpiresAt : idle;
        return new StayResponse(ends, Math.Max(0, (ends - now).TotalSeconds), visit.Share.ExpiresAt > idle);
    }
}

/// <summary>GET asks how long, by the page's clock, and so makes nothing longer; POST is the person's press on "Keep it open".</summary>
internal static class StayOpen
{
    public static async Task<Results<Ok<StayResponse>, ProblemHttpResult>> Show(Guid id, HttpContext http, ShareDoor door, ShareGrants grants, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken, isUse: false) is not { } visit)
            return Problem.NotFound.ToResult();
        var now = time.Now();
        return visit.Share.Ended(now) is { } ended ? ended.ToResult() : TypedResults.Ok(StayResponse.Of(visit, grants.Lifetime, now));
    }

    public static async Task<Results<Ok<StayResponse>, ProblemHttpResult>> Renew(Guid id, HttpContext http, ShareDoor door, ShareGrants grants, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken, isUse: false) is not { } visit)
            return Problem.NotFound.ToResult();
        var now = time.Now();
        if (visit.Share.Ended(now) is { } ended)
            return ended.ToResult();
        return TypedResults.Ok(StayResponse.Of(visit with { Grant = grants.Cookie.Write(http, visit.Grant) }, grants.Lifetime, now));
    }
}
