using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <param name="Role">Owner, Admin, Contributor, Viewer or Auditor; never above the asker's own.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record InviteMemberRequest(string? Email, string? Name, string? Role)
{
    public (NewInvitation? Wanted, Problem? Wrong) Read()
    {
        if (RoleNames.Parse(Role) is not { } role)
            return (null, RoleNames.Unknown);
        var wanted = new NewInvitation((Email ?? "").Trim(), Name?.Trim(), role);
        return (wanted, wanted.Check());
    }
}

/// <param name="ByHand">True for a link that the answer shows and no letter carries, also where mail is set up.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RenewInvitationRequest(bool? ByHand);

internal static class InviteMember
{
    public static async Task<Results<Created<InvitationResponse>, ProblemHttpResult>> Handle(
        InviteMemberRequest request, HttpContext http, InvitationMaking making, InvitationAnswer answer, CancellationToken cancellationToken)
    {
        var (wanted, wrong) = request.Read();
        if (wrong is not null)
            return wrong.ToResult();
        var made = await making.MakeAsync(wanted!, http, cancellationToken);
        return made.Refusal is { } refusal
            ? refusal.ToResult()
            : TypedResults.Created($"/api/v1/members/invitations/{made.Invitation!.Id}", await answer.TellAsync(made, http, cancellationToken));
    }

    public static async Task<Results<Ok<InvitationResponse>, ProblemHttpResult>> Renew(
        Guid id, RenewInvitationRequest? request, HttpContext http, InvitationMaking making, InvitationAnswer answer, CancellationToken cancellationToken)
    {
        var made = await making.RenewAsync(id, request?.ByHand is true, http, cancellationToken);
        return made.Refusal is { } refusal ? refusal.ToResult() : TypedResults.Ok(await answer.TellAsync(made, http, cancellationToken));
    }
}

/// <summary>
/// A made invitation. Its link is shown, this once, only where no letter carries it: whoever held both could make the account himself and leave in it a way back
/// (docs/decisions/0126).
/// </summary>
internal sealed class InvitationAnswer(InvitationReading reading, PublicAddress address)
{
    public async Task<InvitationResponse> TellAsync(MadeInvitation made, HttpContext http, CancellationToken cancellationToken) =>
        await reading.OpenAsync(made.Invitation!, cancellationToken) with
        {
            Url = made.Invitation!.IsMailed ? null : made.Link!.Url(address.Root(http.Request)),
            Mailed = made.Invitation.IsMailed,
        };
}
