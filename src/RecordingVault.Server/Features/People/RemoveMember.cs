using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.People;

internal static class RemoveMember
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, MembershipChange change, CancellationToken cancellationToken) =>
        await change.RemoveAsync(id, http, cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
}
