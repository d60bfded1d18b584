using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Emptying;

/// <summary>POST /recordings/{id}/destruction: out of the trash, for good. Key, bytes and rows go by a job; from the answer on nobody takes it out again.</summary>
internal static class DestroyNow
{
    public static async Task<Results<Accepted, ProblemHttpResult>> Handle(Guid id, HttpContext http, TrashEmptying emptying, CancellationToken cancellationToken) =>
        await emptying.DestroyAsync(id, http.Actor(), cancellationToken) is { } problem ? problem.ToResult() : TypedResults.Accepted((string?)null);
}
