using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>The title's form for browsers without scripts; it leads back to the recording.</summary>
internal static class RenameByForm
{
    public static async Task<IResult> Handle(
        Guid id, HttpContext http, VaultDbContext db, RecordingChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id, cancellationToken))
            return new NoSuchPage();
        var title = form["title"];
        if (NewRecording.CheckTitle(title) is { } wrong)
            return wrong.ToResult();
        var (changed, refusal) = await change.ApplyAsync(id, new ChangeRecordingRequest(title, null, null), http.Actor(), cancellationToken);
        return changed is null ? refusal!.ToResult() : TypedResults.LocalRedirect($"/recordings/{id}");
    }
}
