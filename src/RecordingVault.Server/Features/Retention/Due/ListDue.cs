using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Due;

/// <summary>GET /api/v1/retention/due and /api/v1/retention/runs.</summary>
internal static class ListDue
{
    public static async Task<Results<Ok<PageResponse<DueResponse>>, ProblemHttpResult>> Handle(
        DateTimeOffset? from, DateTimeOffset? until, int? limit, string? cursor, DueReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        if (from >= until)
            return Problem.Invalid("until", "it is not after from. Turn the two round.").ToResult();
        return await reading.PageAsync(new DueFilter(from?.ToUniversalTime(), until?.ToUniversalTime()), limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    public static async Task<Results<Ok<PageResponse<RunResponse>>, ProblemHttpResult>> Runs(int? limit, string? cursor, DueReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.RunsAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }
}
