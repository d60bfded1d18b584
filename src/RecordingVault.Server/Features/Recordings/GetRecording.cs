using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings;

internal static class GetRecording
{
    public static async Task<Results<Ok<RecordingResponse>, ProblemHttpResult>> Handle(Guid id, RecordingReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } recording ? TypedResults.Ok(recording) : Problem.NotFound.ToResult();
}
