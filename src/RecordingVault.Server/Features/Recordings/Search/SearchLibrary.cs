using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>POST /search: the library's page with what was found. Its words go in the body and stand in no address (P11).</summary>
internal static class SearchLibrary
{
    public static async Task<IResult> Handle(HttpContext http, VaultDbContext db, RecordingSearch search, FoundLines lines, LibraryTiles tiles, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var choice = LibraryChoice.Of(name => form[name]);
        if (string.IsNullOrWhiteSpace(form["words"]))
            return TypedResults.LocalRedirect(choice.Address());
        if (LibraryFilter.TryRead(choice, out var filter) is { } unfit)
            return unfit.ToResult();
        if (SearchWords.TryParse(form["words"], out var words) is { } wrong)
            return wrong.ToResult();
        if (await search.FindAsync(await SearchReader.OfAsync(http, db, time, cancellationToken), words, filter, LibraryTiles.OnPage, form["before"], cancellationToken) is not { } found)
            return Problem.Invalid("before", "the place in the list is not known any more. Search again from the start.").ToResult();
        var page = await tiles.PageAsync(http, found.Items, cancellationToken);
        var said = await lines.OfAsync(http, found.FoundInText, words, cancellationToken);
        return PageAnswers.Page<LibraryPage>(page with
        {
            // What is found stands newest first, whatever order the list was in.
            Choice = choice with { Sort = null },
            Tiles = [.. page.Tiles.Select(tile => tile with { IsFoundInText = found.FoundInText.Contains(tile.Id), SaidLines = said.GetValueOrDefault(tile.Id, []) })],
            Words = form["words"].Trim(),
            EarlierCursor = found.NextCursor,
            SearchedBackTo = found.SearchedBackTo,
            IsNewest = form["before"].Length == 0,
        });
    }

    /// <summary>The address alone, as somebody types it or comes back to it, has no words: it leads to the library.</summary>
    public static RedirectHttpResult Show() => TypedResults.LocalRedirect("/");
}
