using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.People;

/// <summary>The switcher of the account menu: the session goes on in another organisation of the member, at its start.</summary>
internal static class SwitchTenant
{
    public const string Path = "/switch";

    public static async Task<IResult> Handle(HttpContext http, TenantSwitch tenants, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        return Guid.TryParse(form["tenant"], out var tenantId) && await tenants.SwitchAsync(http, tenantId, cancellationToken)
            ? TypedResults.LocalRedirect("/")
            : new NoSuchPage();
    }
}
