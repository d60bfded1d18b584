using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Whose password came from somebody else gets nothing but the page that asks for an own one. Tokens are for scripts and are let through.</summary>
internal sealed class PasswordChangeGate(RequestDelegate next)
{
    private static readonly PathString[] Open = [SignIn.PasswordPath, "/signout", "/theme"];

    public Task InvokeAsync(HttpContext http)
    {
        if (!http.User.MustChangePassword() || Array.Exists(Open, path => http.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase)))
            return next(http);
        if (!HttpMethods.IsGet(http.Request.Method) || !http.Request.WantsPage())
            return MembersProblems.PasswordChangeNeeded.WriteAsync(http);
        http.Response.Redirect(SignIn.PasswordPath);
        return Task.CompletedTask;
    }
}
