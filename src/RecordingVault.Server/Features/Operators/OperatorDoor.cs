using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators;

/// <summary>The operator's door: name, password and code on one page, or a passkey; and the way out. Who is signed in comes here again to show anew who he is.</summary>
internal static partial class OperatorDoor
{
    public static Results<RazorComponentResult<OperatorSignInPage>, RedirectHttpResult> Show(string? returnTo, bool? signedOut, bool? again, HttpContext http, OperatorDoorAnswer answer) =>
        http.User.OperatorId() is null || again is true ? answer.Open(http, ReturnTo(returnTo), signedOut is true) : TypedResults.LocalRedirect(ReturnTo(returnTo));

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<OperatorSignInPage>, ProblemHttpResult>> SignInAsync(
        HttpContext http, OperatorSignInCheck check, OperatorSessions sessions, OperatorDoorAnswer answer, ILogger<Operator> log, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var returnTo = ReturnTo(form["returnTo"]);
        switch (await check.CheckAsync(form["name"], form["password"], form["code"], http.Connection.RemoteIpAddress, cancellationToken))
        {
            case OperatorVerdict.Right right:
                // The code is spent: a browser that goes away now has to wait for the next one, and nothing else.
                await sessions.BeginAsync(http, right.Operator.Id, right.Operator.Stamp, cancellationToken);
                SignedIn(log, right.Operator.Id);
                return TypedResults.LocalRedirect(right.Operator.MustChangePassword ? OperatorPassword.Path : returnTo);
            case OperatorVerdict.Wait wait:
                return answer.Wait(http, form["name"], returnTo, wait.Until);
            default:
                Refused(log);
                return answer.Wrong(http, form["name"], returnTo);
        }
    }

    public static async Task<RedirectHttpResult> SignOutAsync(HttpContext http, OperatorSessions sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(http.User.OperatorSessionId()!.Value, cancellationToken);
        OperatorCookie.Delete(http.Response);
        http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return TypedResults.LocalRedirect(ManagementListener.SignInPath + "?signedOut=true");
    }

    /// <summary>A path of the operator's own pages, or their first one.</summary>
    public static string ReturnTo(string? path) =>
        LocalPath.OrHome(path) is var local && (local == ManagementListener.Home || local.StartsWith(ManagementListener.Home + "/", StringComparison.Ordinal)) ? local : ManagementListener.Home;

    [LoggerMessage(EventId = 420, Level = LogLevel.Information, Message = "Operator {OperatorId} signed in")]
    internal static partial void SignedIn(ILogger log, Guid operatorId);

    [LoggerMessage(EventId = 421, Level = LogLevel.Warning, Message = "An operator's sign-in was refused")]
    internal static partial void Refused(ILogger log);
}

internal sealed class OperatorDoorAnswer(PageFrames frames, PublicAddress address, TimeProvider time)
{
    public RazorComponentResult<OperatorSignInPage> Open(HttpContext http, string returnTo, bool signedOut) =>
        PageAnswers.Page<OperatorSignInPage>(Model(http, returnTo) with { SignedOut = signedOut });

    public RazorComponentResult<OperatorSignInPage> Wrong(HttpContext http, string name, string returnTo) => PageAnswers.Page<OperatorSignInPage>(
        Model(http, returnTo) with { Name = name, Error = "Name, password or code is not right. A code works once: wait for the next one." }, StatusCodes.Status401Unauthorized);

    public RazorComponentResult<OperatorSignInPage> Wait(HttpContext http, string name, string returnTo, DateTimeOffset until)
    {
        http.Response.RetryAfter(until - time.Now());
        return PageAnswers.Page<OperatorSignInPage>(Model(http, returnTo) with { Name = name, Error = MembersProblems.WaitSentence(until) }, StatusCodes.Status429TooManyRequests);
    }

    private OperatorSignInPageModel Model(HttpContext http, string returnTo) =>
        new() { Frame = frames.ForVisitor(http), HostName = address.HostName(http.Request), ReturnTo = returnTo, IsAgain = http.User.OperatorId() is not null, TakesPasskeys = address.TakesPasskeys(http.Request) };
}
