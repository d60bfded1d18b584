using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.People;

/// <param name="Role">Owner, Admin, Contributor, Viewer or Auditor.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeMemberRequest(string? Role);

internal static class ChangeMember
{
    public static async Task<Results<Ok<MemberResponse>, ProblemHttpResult>> Handle(
        Guid id, ChangeMemberRequest request, HttpContext http, MembershipChange change, MemberReading reading, CancellationToken cancellationToken)
    {
        if (RoleNames.Parse(request.Role) is not { } role)
            return await reading.FindAsync(id, cancellationToken) is null ? Problem.NotFound.ToResult() : RoleNames.Unknown.ToResult();
        if (await change.SetRoleAsync(id, role, http, cancellationToken) is { } refusal)
            return refusal.ToResult();
        return await reading.FindAsync(id, cancellationToken) is { } member ? TypedResults.Ok(member) : Problem.NotFound.ToResult();
    }
}
