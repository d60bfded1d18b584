using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Tenants;

/// <param name="Role">The asker's own.</param>
internal sealed record TenantResponse(Guid Id, string Name, string Role);

internal static class GetTenant
{
    public static async Task<Ok<TenantResponse>> Handle(HttpContext http, PageFrames frames, CancellationToken cancellationToken) =>
        TypedResults.Ok(new TenantResponse(http.User.TenantId()!.Value, await frames.TenantNameAsync(cancellationToken), http.User.RoleInTenant().ToString()));
}
