using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Security;

/// <summary>
/// Answers only under the vault's own names. Cookies that are good for https and localhost alone need one of the two, and passkeys need a name:
/// so pages under a loopback number go to localhost, and pages under a strange name over http say why and what to do (security.md 9).
/// </summary>
internal sealed class HostGuard(RequestDelegate next, PublicAddress address, NeedsHttpsAnswer needsHttps)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        var isPage = HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || request.Path.StartsWithSegments("/app", StringComparison.Ordinal))
        {
            await next(http);
        }
        else if (!address.IsOwnHost(request) || (!request.IsHttps && !PublicAddress.IsLoopbackName(request.Host.Host)))
        {
            if (isPage)
                await needsHttps(http);
            else
                await Problem.WrongHost.WriteAsync(http);
        }
        else if (isPage && PublicAddress.IsLoopbackName(request.Host.Host) && !request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && (!address.IsConfigured || http.IsByManagement()))
        {
            var port = request.Host.Port is { } number ? $":{number}" : "";
            http.Response.Redirect($"{request.Scheme}://localhost{port}{request.PathBase}{request.Path}{request.QueryString}");
        }
        else
        {
            await next(http);
        }
    }
}

/// <summary>Writes the page that says that sign-in needs https, or the vault's own name; the page belongs to the face of the product, the guard only decides.</summary>
internal delegate Task NeedsHttpsAnswer(HttpContext http);
