using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Security;

/// <summary>
/// What opens more than was open (a token, a loosened link) asks a session for a sign-in that is not older than ten minutes (security.md 9): a browser left
/// alone, or a stolen cookie, does not do. Tokens are for scripts, which have no password to show; what they may is decided when they are made.
/// </summary>
internal static class FreshSignIn
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Null where the request may go on.</summary>
    public static Problem? Check(HttpContext http, DateTimeOffset now) =>
        http.User.SessionId() is null || (http.User.SignedInAt() is { } signedIn && now - signedIn <= Limit) ? null : Problem.FreshSignIn;

    /// <summary>Asks for it before the endpoint runs.</summary>
    public static RouteHandlerBuilder NeedsFreshSignIn(this RouteHandlerBuilder builder) => builder.AddEndpointFilter(async (context, next) =>
        Check(context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()) is { } stale ? stale.ToResult() : await next(context));
}
