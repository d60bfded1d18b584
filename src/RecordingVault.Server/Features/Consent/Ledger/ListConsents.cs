using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>GET /api/v1/recordings/{id}/consents?participant={id}: the records, newest first.</summary>
internal static class ListConsents
{
    public static async Task<Results<Ok<PageResponse<ConsentResponse>>, ProblemHttpResult>> Handle(
        Guid id, Guid? participant, int? limit, string? cursor, ConsentReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        if (!await reading.IsThereAsync(id, cancellationToken))
            return Problem.NotFound.ToResult();
        return await reading.PageAsync(id, participant, limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }
}
