using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <param name="Spans">All that are to be marked; those that stood there before and are not among them are gone.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SpansRequest(IReadOnlyList<SpanRequest?>? Spans);

/// <param name="Title">Of the copy; without one it is the original's, and that it is cut.</param>
/// <param name="Without">Participants, by their ids, who are not in the copy any more.</param>
/// <param name="Reason">Why, which the log keeps; needed with them.</param>
/// <param name="Confirmed">That nobody of them is seen or heard in what is left; needed with them.</param>
/// <param name="ChangedAt">Of the spans that were looked at; needed with them.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CopyRequest(string? Title, IReadOnlyList<Guid>? Without, string? Reason, bool? Confirmed, DateTimeOffset? ChangedAt)
{
    public WantedCut Wanted => new(string.IsNullOrWhiteSpace(Title) ? null : Title, Without ?? [], Reason, Confirmed is true, ChangedAt);
}

/// <summary>GET and PUT /api/v1/recordings/{id}/edits, and POST …/edits/copies.</summary>
internal static class EditRecordingSpans
{
    public static async Task<Results<Ok<EditsResponse>, ProblemHttpResult>> Show(Guid id, CutReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } edits ? TypedResults.Ok(edits) : Problem.NotFound.ToResult();

    public static async Task<Results<Ok<EditsResponse>, ProblemHttpResult>> Mark(Guid id, SpansRequest request, HttpContext http, CutBeginning beginning, CutReading reading, CancellationToken cancellationToken)
    {
        // Another tenant's recording is not there, whatever is sent.
        if (await reading.FindAsync(id, cancellationToken) is null)
            return Problem.NotFound.ToResult();
        if (request.Spans is not { } spans)
            return Problem.Invalid("spans", "say which spans are marked; an empty list marks none.").ToResult();
        if (await beginning.MarkAsync(id, spans, new MoveAsker(http), cancellationToken) is { } refusal)
            return refusal.ToResult();
        return await Show(id, reading, cancellationToken);
    }

    public static async Task<Results<Accepted<CutResponse>, ProblemHttpResult>> Copy(Guid id, CopyRequest request, HttpContext http, CutBeginning beginning, CutReading reading, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(id, cancellationToken) is null)
            return Problem.NotFound.ToResult();
        var (cut, problem) = await beginning.CopyAsync(id, request.Wanted, new MoveAsker(http), cancellationToken);
        return cut is null ? problem!.ToResult() : TypedResults.Accepted($"/api/v1/recordings/{cut.ToId}", CutResponse.Of(cut));
    }
}
