using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Regrouping;

/// <param name="Assets">Files that came in; what was made from them goes along.</param>
/// <param name="Title">Of the new recording; without one it is called by its first file.</param>
internal sealed record SplitRequest(IReadOnlyList<Guid>? Assets, string? Title);

/// <summary>POST /recordings/{id}/split: files that do not belong here move into a recording of their own.</summary>
internal static class SplitRecording
{
    public static async Task<Results<Accepted<MoveResponse>, ProblemHttpResult>> Handle(
        Guid id, SplitRequest request, HttpContext http, MoveBeginning moves, CancellationToken cancellationToken)
    {
        var (move, problem) = await moves.SplitAsync(id, request.Assets ?? [], request.Title, new MoveAsker(http), cancellationToken);
        return move is null ? problem!.ToResult() : TypedResults.Accepted($"/api/v1/recordings/{move.ToId}", MoveResponse.Of(move));
    }

    /// <summary>The same for the page's form; it leads to the new recording.</summary>
    public static async Task<IResult> HandleForm(
        Guid id, HttpContext http, VaultDbContext db, MoveBeginning moves, FilePages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return new NoSuchPage();
        var chosen = form.All("asset").Select(text => Guid.TryParseExact(text, "D", out var asset) ? asset : Guid.Empty).ToList();
        var title = string.IsNullOrWhiteSpace(form["title"]) ? null : form["title"];
        var (move, problem) = await moves.SplitAsync(id, chosen, title, new MoveAsker(http), cancellationToken);
        return move is null ? await pages.SplitRefusedAsync(id, http, chosen, form["title"], problem!, cancellationToken) : TypedResults.LocalRedirect($"/recordings/{move.ToId}");
    }
}
