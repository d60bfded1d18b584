using Microsoft.AspNetCore.Http.HttpResults;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The person is done, perhaps at somebody else's machine: the cookie goes, and the link asks for its secret again.</summary>
internal static class LeaveShare
{
    public static NoContent Handle(Guid id, HttpContext http, ShareGrants grants)
    {
        grants.Cookie.Drop(http, id);
        return TypedResults.NoContent();
    }
}
