using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings;

internal static class GetRecording
{
    public static async Task<Results<Ok<RecordingResponse>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, VaultDbContext db, RecordingReading reading, TimeProvider time, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, await SearchReader.OfAsync(http, db, time, cancellationToken), cancellationToken) is { } recording ? TypedResults.Ok(recording) : Problem.NotFound.ToResult();
}
