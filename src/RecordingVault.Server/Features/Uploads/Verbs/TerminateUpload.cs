using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Verbs;

/// <summary>DELETE: ends an unfinished upload and leaves nothing of it. What is finished belongs to its recording and is not deleted here.</summary>
internal static class TerminateUpload
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, UploadLookup uploads, UploadTurns turns, UploadEnding ending, CancellationToken cancellationToken)
    {
        var (known, problem) = await uploads.FindAsync(id, http.User, cancellationToken);
        if (known is null)
            return problem!.ToResult();
        using var turn = await turns.TakeAsync(known.TenantId, id, cancellationToken);
        if (turn is null)
            return UploadProblems.Locked.ToResult();
        (var upload, problem) = await uploads.FindAsync(id, http.User, cancellationToken);
        if (upload is null)
            return problem!.ToResult();
        if (upload.State == UploadState.Finished)
            return UploadProblems.Finished.ToResult();

        // Half an end would only be left to the sweep.
        return await ending.EndAsync(id, EndReason.Asked, http.Actor(), CancellationToken.None) is { } held ? held.ToResult() : TypedResults.NoContent();
    }
}
