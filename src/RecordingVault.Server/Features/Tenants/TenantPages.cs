using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>Pages that belong to no other slice: errors, and the choice of the theme.</summary>
internal static class TenantPages
{
    public static IEndpointRouteBuilder MapTenantPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", ShowLog.Handle).RequireAuthorization(Policies.ReadLog);
        routes.MapPost("/theme", ChooseThemeAsync).AllowAnonymous().OnBothListeners().NotAudited("a colour theme is not an act on anything that is kept");
        routes.MapFallback(Nothing).AllowAnonymous();
        return routes;
    }

    /// <summary>The page for an error, in the member's shell where somebody is signed in, else one that names nobody.</summary>
    public static async Task WriteErrorAsync(HttpContext http, PageError error)
    {
        var problem = error switch
        {
            PageError.NotFound => Problem.NotFound,
            PageError.NotAllowed => Problem.Forbidden,
            PageError.OtherTenant => Problem.TenantMismatch,
            PageError.StaleForm => Problem.CrossSite,
            _ => Problem.Fault,
        };
        if (http.User.TenantId() is null)
        {
            await WriteNeutralAsync(http, problem);
            return;
        }

        var frame = await http.RequestServices.GetRequiredService<PageFrames>().ForMemberAsync(http, NavEntry.None, http.RequestAborted);
        var left = error is PageError.OtherTenant && Guid.TryParse(await CrossSiteGuard.NamedTenantAsync(http.Request), out var named) ? frame.OtherTenants.FirstOrDefault(tenant => tenant.Id == named) : null;
        await PageAnswers.Page<ErrorPage>(new ErrorPageModel(frame, error, error == PageError.Fault ? http.TraceIdentifier : null) { Left = left }, problem.Status).ExecuteAsync(http);
    }

    private static Task WriteNeutralAsync(HttpContext http, Problem problem)
    {
        var frame = http.RequestServices.GetRequiredService<PageFrames>().ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) };
        var message = problem.Status switch
        {
            StatusCodes.Status404NotFound => NeutralMessage.Nothing,
            >= 500 => NeutralMessage.Fault,
            _ => NeutralMessage.Stale,
        };
        return PageAnswers.Page<NeutralPage>(new NeutralPageModel(frame, message), problem.Status).ExecuteAsync(http);
    }

    private static Task Nothing(HttpContext http) =>
        http.Request.WantsPage() ? WriteErrorAsync(http, PageError.NotFound) : Problem.NotFound.WriteAsync(http);

    private static async Task<Results<RedirectHttpResult, ProblemHttpResult>> ChooseThemeAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (form["theme"] is ("light" or "dark") and var theme)
            http.Response.Cookies.Append(PageFrames.ThemeCookie, theme, new CookieOptions { Path = "/", MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, IsEssential = true });
        else
            http.Response.Cookies.Delete(PageFrames.ThemeCookie);
        return TypedResults.LocalRedirect(LocalPath.OrHome(form["returnTo"]));
    }
}
