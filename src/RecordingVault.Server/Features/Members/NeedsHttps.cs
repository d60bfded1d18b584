using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>The page for whoever opened the vault under a strange name, or over plain http from elsewhere.</summary>
internal static class NeedsHttps
{
    public static Task WriteAsync(HttpContext http)
    {
        var address = http.RequestServices.GetRequiredService<PublicAddress>();
        var model = new NeedsHttpsPageModel(http.RequestServices.GetRequiredService<PageFrames>().ForVisitor(http), http.Request.Host.Host, http.Connection.LocalPort)
        {
            IsHttps = http.Request.IsHttps,
            PublicRoot = address.IsConfigured ? address.Root(http.Request) : null,
        };
        return PageAnswers.Page<NeedsHttpsPage>(model, StatusCodes.Status400BadRequest).ExecuteAsync(http);
    }
}
