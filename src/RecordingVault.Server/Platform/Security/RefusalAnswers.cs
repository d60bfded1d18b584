using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using RecordingVault.Server.Platform.Hosting;
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
        if (authorizeResult.Forbidden && LeadsHome(context))
        {
            // Every door leads home, and the library is none for whoever may only read the log.
            context.Response.Redirect(PageMember.HomeOfAuditor);
            return Task.CompletedTask;
        }

        if (authorizeResult.Forbidden)
            return context.Request.WantsPage() ? errorPage(context, PageError.NotAllowed) : Refusal(context).WriteAsync(context);
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.WantsPage())
        {
            context.Response.Redirect((context.IsByManagement() ? ManagementListener.SignInPath : "/signin") + "?returnTo=" + Uri.EscapeDataString(context.Request.PathBase + context.Request.Path + context.Request.QueryString));
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Unauthorized.WriteAsync(context);
    }

    private static bool LeadsHome(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/" && context.Request.WantsPage() && context.User.SessionId() is not null && context.User.RoleInTenant() == Role.Auditor;

    /// <summary>A token hears that it is a token, whatever its role: a higher one would not help.</summary>
    private static Problem Refusal(HttpContext context) =>
        context.User.SessionId() is null && context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(asked => asked.Policy == Policies.InPerson) is true
            ? Problem.PersonNeeded
            : Problem.Forbidden;
}
