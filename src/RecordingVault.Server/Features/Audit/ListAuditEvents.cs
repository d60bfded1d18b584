using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Audit;

internal static class ListAuditEvents
{
    public static async Task<Results<Ok<PageResponse<AuditEventResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, string? outcome, Guid? target, AuditReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        if (outcome is not (null or "" or "refused"))
            return Problem.Invalid("outcome", "leave it out, or ask for refused.").ToResult();
        var page = await reading.PageAsync(new AuditFilter(outcome == "refused", target), limit ?? Cursors.DefaultLimit, cursor, cancellationToken);
        return page is null ? Problem.Invalid("cursor", "use nextCursor of the page before, as it came, or leave it out.").ToResult() : TypedResults.Ok(page);
    }
}
