using Microsoft.AspNetCore.Http.HttpResults;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>Writes the page for an error; the slice that knows tenants gives it, so that the platform need not.</summary>
internal delegate Task ErrorPageWriter(HttpContext http, PageError error);

internal static class PageAnswers
{
    /// <summary>Whether a person's browser asks for a page, and not a script for data.</summary>
    public static bool WantsPage(this HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>A page rendered whole on the server from its one model.</summary>
    public static RazorComponentResult<TPage> Page<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : Microsoft.AspNetCore.Components.IComponent => new(new { Model = model }) { StatusCode = status };
}
