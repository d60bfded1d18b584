using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.People;

/// <summary>A member leaves the organisation that he works in. His session there ends; those in others go on.</summary>
internal static class LeaveTenant
{
    public const string Path = SettingsPaths.Organisation + "/leave";

    public static async Task<IResult> Handle(HttpContext http, MembershipChange change, OrganisationPages pages, CancellationToken cancellationToken)
    {
        if (await change.RemoveAsync(http.User.MemberId(), http, cancellationToken) is { } refusal)
            return refusal == Problem.NotFound ? TypedResults.LocalRedirect("/") : await pages.RefusedAsync(http, refusal, cancellationToken);
        SessionCookie.Delete(http.Response);
        return TypedResults.LocalRedirect("/signin?signedOut=true");
    }
}
