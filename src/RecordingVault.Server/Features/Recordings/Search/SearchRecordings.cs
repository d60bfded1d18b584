using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings.Search;

internal sealed record SearchRecordingsRequest(string? Words, string? Label, string? State, string? Shared, string? Source, string? From, string? To, string? Zone, int? Limit, string? Cursor);

/// <summary>POST /recordings/search: the words go in the body, because an address is kept in logs and histories (P11).</summary>
internal static class SearchRecordings
{
    public static async Task<Results<Ok<FoundRecordings>, ProblemHttpResult>> Handle(SearchRecordingsRequest request, HttpContext http, VaultDbContext db, RecordingSearch search, TimeProvider time, CancellationToken cancellationToken)
    {
        if ((SearchWords.TryParse(request.Words, out var words) ?? Cursors.CheckLimit(request.Limit)) is { } wrong)
            return wrong.ToResult();
        if (LibraryFilter.TryRead(new LibraryChoice { Label = request.Label, State = request.State, Shared = request.Shared, Source = request.Source, From = request.From, To = request.To, Zone = request.Zone }, out var filter) is { } unfit)
            return unfit.ToResult();
        return await search.FindAsync(await SearchReader.OfAsync(http, db, time, cancellationToken), words, filter, request.Limit ?? Cursors.DefaultLimit, request.Cursor, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : Cursors.Wrong().ToResult();
    }
}
