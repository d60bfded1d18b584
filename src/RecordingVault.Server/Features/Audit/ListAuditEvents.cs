using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Audit;

internal static class ListAuditEvents
{
    public static async Task<Results<Ok<PageResponse<AuditEventResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, [AsParameters] AuditWish wish, AuditReading reading, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        var (filter, unread) = AuditFilter.Read(wish, time.Now());
        if (filter is null)
            return unread!.ToResult();
        var page = await reading.PageAsync(filter, limit ?? Cursors.DefaultLimit, cursor, cancellationToken);
        return page is null ? Cursors.Wrong().ToResult() : TypedResults.Ok(page);
    }
}
