using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <param name="Note">In a change an empty one takes it away, and an absent one leaves it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MatterRequest(string? Name, string? Note);

/// <param name="Reason">Why; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LiftRequest(string? Reason);

/// <summary>/api/v1/matters and below.</summary>
internal static class MatterEndpoints
{
    private static readonly Problem s_noState = Problem.Invalid("state", "it is open or closed, or left out.");
    private static readonly Problem s_noHoldState = Problem.Invalid("state", "it is standing or lifted, or left out.");

    public static async Task<Results<Ok<PageResponse<MatterResponse>>, ProblemHttpResult>> List(string? state, int? limit, string? cursor, MatterReading reading, CancellationToken cancellationToken)
    {
        if ((state is null or "open" or "closed" ? Cursors.CheckLimit(limit) : s_noState) is { } wrong)
            return wrong.ToResult();
        return await reading.PageAsync(state is null ? null : state == "open", limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    public static async Task<Results<Ok<MatterResponse>, ProblemHttpResult>> One(Guid id, MatterReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : Problem.NotFound.ToResult();

    public static async Task<Results<Created<MatterResponse>, ProblemHttpResult>> Open(MatterRequest request, HttpContext http, MatterChange change, MatterReading reading, CancellationToken cancellationToken)
    {
        var (id, refusal) = await change.OpenAsync(request.Name, request.Note, http, cancellationToken);
        return id is { } opened ? TypedResults.Created($"/api/v1/matters/{opened}", await reading.FindAsync(opened, cancellationToken)) : refusal!.ToResult();
    }

    public static async Task<Results<Ok<MatterResponse>, ProblemHttpResult>> Change(Guid id, MatterRequest request, HttpContext http, MatterChange change, MatterReading reading, CancellationToken cancellationToken) =>
        await change.ChangeAsync(id, request.Name, request.Note, http, cancellationToken) is { } refusal ? refusal.ToResult() : await One(id, reading, cancellationToken);

    /// <summary>Answers with the matter as it stands: <c>closing</c>, and how many holds are still to be lifted.</summary>
    public static async Task<Results<Ok<MatterResponse>, ProblemHttpResult>> Close(Guid id, LiftRequest request, HttpContext http, HoldLifting lifting, MatterReading reading, CancellationToken cancellationToken) =>
        (await lifting.CloseAsync(id, request.Reason, http, cancellationToken)).Problem is { } refusal ? refusal.ToResult() : await One(id, reading, cancellationToken);

    public static async Task<Results<Ok<PageResponse<HoldResponse>>, ProblemHttpResult>> Holds(Guid id, string? state, int? limit, string? cursor, MatterReading reading, CancellationToken cancellationToken)
    {
        if ((state is null or "standing" or "lifted" ? Cursors.CheckLimit(limit) : s_noHoldState) is { } wrong)
            return wrong.ToResult();
        if (await reading.FindAsync(id, cancellationToken) is null)
            return Problem.NotFound.ToResult();
        return await reading.HoldsAsync(id, null, state is null ? null : state == "standing", withReasons: true, limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }
}
