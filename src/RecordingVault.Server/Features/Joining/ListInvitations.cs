using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Joining;

internal static class ListInvitations
{
    public static async Task<Results<Ok<PageResponse<InvitationResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, InvitationReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.PageAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page
            ? TypedResults.Ok(page)
            : Cursors.Wrong().ToResult();
    }
}
