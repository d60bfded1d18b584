using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <param name="Matter">The id of one that is open.</param>
/// <param name="Reason">What it has to do with the matter; it may be left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record HoldRequest(Guid? Matter, string? Reason);

/// <summary>GET and POST /api/v1/recordings/{id}/holds, DELETE /api/v1/recordings/{id}/holds/{hold}.</summary>
internal static class HoldEndpoints
{
    public static async Task<Results<Ok<PageResponse<HoldResponse>>, ProblemHttpResult>> List(Guid id, int? limit, string? cursor, HttpContext http, VaultDbContext db, MatterReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return Problem.NotFound.ToResult();
        return await reading.HoldsAsync(null, id, null, MayReadReasons(http), limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    public static async Task<Results<Ok<PageResponse<HoldResponse>>, ProblemHttpResult>> Set(Guid id, HoldRequest request, HttpContext http, VaultDbContext db, HoldSetting setting, MatterReading reading, CancellationToken cancellationToken) =>
        (await setting.SetAsync(id, request.Matter, request.Reason, http, cancellationToken)).Problem is { } refusal ? refusal.ToResult() : await List(id, null, null, http, db, reading, cancellationToken);

    public static async Task<Results<NoContent, ProblemHttpResult>> Lift(Guid id, Guid hold, HttpContext http, HoldLifting lifting, CancellationToken cancellationToken)
    {
        var body = await OptionalBody<LiftRequest>.ReadAsync(http.Request, cancellationToken);
        return (body.Wrong ?? await lifting.LiftAsync(id, hold, body.Value?.Reason, http, cancellationToken)) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
    }

    /// <summary>Whoever sees a recording sees that it is held, and for which matter; why is for those who read the log.</summary>
    public static bool MayReadReasons(HttpContext http) => http.User.RoleInTenant() is Role.Owner or Role.Admin or Role.Auditor;
}
