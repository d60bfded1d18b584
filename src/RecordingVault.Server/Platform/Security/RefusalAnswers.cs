using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Security;

/// <summary>Who is not signed in gets 401 or, on a page, the way to the sign-in page; whose role is too small gets 403. Both as problems for scripts.</summary>
internal sealed class RefusalAnswers(ErrorPageWriter errorPage) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            return next(context);
        if (authorizeResult.Forbidden)
            return context.Request.WantsPage() ? errorPage(context, PageError.NotAllowed) : Problem.Forbidden.WriteAsync(context);
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.WantsPage())
        {
            context.Response.Redirect("/signin?returnTo=" + Uri.EscapeDataString(context.Request.PathBase + context.Request.Path + context.Request.QueryString));
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Unauthorized.WriteAsync(context);
    }
}
