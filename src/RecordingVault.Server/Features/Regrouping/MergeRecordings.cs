using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Regrouping;

/// <param name="Recording">Whose files move into the one that is asked.</param>
internal sealed record MergeRequest(Guid? Recording);

/// <summary>POST /recordings/{id}/merge: the files of another recording move into this one, and the emptied one goes to the trash.</summary>
internal static class MergeRecordings
{
    public static async Task<Results<Accepted<MoveResponse>, ProblemHttpResult>> Handle(
        Guid id, MergeRequest request, HttpContext http, VaultDbContext db, MoveBeginning moves, CancellationToken cancellationToken)
    {
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return Problem.NotFound.ToResult();
        if (request.Recording is not { } other)
            return Problem.Invalid("recording", "name by its id the recording whose files move here.").ToResult();
        var (move, problem) = await moves.MergeAsync(id, other, new MoveAsker(http), cancellationToken);
        return move is null ? problem!.ToResult() : TypedResults.Accepted($"/api/v1/recordings/{id}", MoveResponse.Of(move));
    }

    /// <summary>GET /recordings/{id}/merge: what it would mean, before anything is done.</summary>
    /// <param name="with">The other one's id.</param>
    /// <param name="address">Or the address of its page.</param>
    public static async Task<IResult> Show(Guid id, Guid? with, string? address, HttpContext http, VaultDbContext db, FilePages pages, CancellationToken cancellationToken)
    {
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return new NoSuchPage();
        return await pages.MergeAsync(id, FilePages.IdIn(address) ?? with, http, refusal: null, cancellationToken);
    }

    /// <summary>The same for the page's form; it leads to the recording that the files move into.</summary>
    public static async Task<IResult> HandleForm(
        Guid id, HttpContext http, VaultDbContext db, MoveBeginning moves, FilePages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return new NoSuchPage();
        var other = Guid.TryParseExact(form["recording"], "D", out var named) ? named : Guid.Empty;
        var (move, problem) = await moves.MergeAsync(id, other, new MoveAsker(http), cancellationToken);
        return move is null ? await pages.MergeAsync(id, other, http, problem, cancellationToken) : TypedResults.LocalRedirect($"/recordings/{id}");
    }
}
