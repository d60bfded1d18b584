using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Security;

/// <summary>
/// What opens more than was open (a token, a loosened link) asks a session for a sign-in that is not older than ten minutes (security.md 9), with all that the
/// member has set up: a browser left alone, a stolen cookie, or a password that somebody else knows, does not do. Tokens are for scripts, which have no
/// password to show; what they may is decided when they are made.
/// </summary>
internal static class FreshSignIn
{
    /// <summary>Where who is signed in shows again who he is.</summary>
    public const string Page = "/signin/again";

    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The page on which a member shows again who he is, and from which he comes back.</summary>
    public static string PageBefore(string returnTo) => $"{Page}?returnTo={Uri.EscapeDataString(returnTo)}";

    /// <summary>Null where the request may go on.</summary>
    public static Problem? Check(HttpContext http, DateTimeOffset now) =>
        (http.User.SessionId() ?? http.User.OperatorSessionId()) is null ? null
        : http.User.SignedInAt() is not { } signedIn || now - signedIn > Limit ? Problem.FreshSignIn
        : http.User.HidesSecondFactor() ? Problem.SecondFactorFirst
        : null;

    /// <summary>Asks for it before a form's endpoint runs; who shows his password then comes back to the page of the form.</summary>
    public static RouteHandlerBuilder NeedsFreshSignIn(this RouteHandlerBuilder builder, string page) => builder.AddEndpointFilter(async (context, next) =>
        Check(context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()) is null
            ? await next(context)
            : TypedResults.LocalRedirect(context.HttpContext.IsByManagement() ? $"{ManagementListener.SignInAgainPath}&returnTo={Uri.EscapeDataString(page)}" : PageBefore(page)));

    /// <summary>Asks for it before a page is shown whose form would ask for it; who shows his password then comes back to this page.</summary>
    public static RouteHandlerBuilder NeedsFreshSignInHere(this RouteHandlerBuilder builder) => builder.AddEndpointFilter(async (context, next) =>
        Check(context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()) is null
            ? await next(context)
            : TypedResults.LocalRedirect(PageBefore(context.HttpContext.Request.Path + context.HttpContext.Request.QueryString)));

    /// <summary>Asks for it before the endpoint runs.</summary>
    public static RouteHandlerBuilder NeedsFreshSignIn(this RouteHandlerBuilder builder) => builder.AddEndpointFilter(async (context, next) =>
        Check(context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()) is { } stale ? stale.ToResult() : await next(context));
}
