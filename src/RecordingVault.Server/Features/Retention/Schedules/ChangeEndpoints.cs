using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>/api/v1/retention/changes.</summary>
internal static class ChangeEndpoints
{
    public const string Path = "/api/v1/retention/changes";

    public static async Task<Results<Ok<PageResponse<ChangeResponse>>, ProblemHttpResult>> List(int? limit, string? cursor, ScheduleReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.ChangesAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    public static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> One(Guid id, ScheduleReading reading, CancellationToken cancellationToken) =>
        await reading.ChangeAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : Problem.NotFound.ToResult();

    public static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> Decide(
        Guid id, DecideChangeRequest request, HttpContext http, ChangeDeciding deciding, ScheduleReading reading, CancellationToken cancellationToken) =>
        await deciding.DecideAsync(id, request.Decision, request.Word, http, cancellationToken) is { } refusal ? refusal.ToResult() : await One(id, reading, cancellationToken);

    public static async Task<Results<Ok<ChangeResponse>, ProblemHttpResult>> TakeBack(Guid id, HttpContext http, ChangeDeciding deciding, ScheduleReading reading, CancellationToken cancellationToken) =>
        await deciding.TakeBackAsync(id, http, cancellationToken) is { } refusal ? refusal.ToResult() : await One(id, reading, cancellationToken);
}
