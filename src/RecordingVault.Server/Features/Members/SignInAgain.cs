using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>The step up: who is signed in shows his password again, goes on under a new session, and comes back to where he was.</summary>
internal static class SignInAgain
{
    public const string Path = "/signin/again";

    public static Results<RazorComponentResult<SignInAgainPage>, ProblemHttpResult> Show(string? returnTo, HttpContext http, SignInAgainAnswer answer) =>
        http.User.SessionId() is null ? Problem.Forbidden.ToResult() : answer.Open(http, LocalPath.OrHome(returnTo));

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInAgainPage>, ProblemHttpResult>> Handle(
        HttpContext http, MemberDirectory directory, SignInCheck check, MemberEntrance entrance, SignInRefusals refusals, SignInAgainAnswer answer, CancellationToken cancellationToken)
    {
        if (http.User.SessionId() is null)
            return Problem.Forbidden.ToResult();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var returnTo = LocalPath.OrHome(form["returnTo"]);
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);

        switch (await check.CheckAsync(member.Email!, form["password"], http, cancellationToken))
        {
            case SignInVerdict.Right right when await entrance.EnterAsync(http, right.Member, cancellationToken) is not null:
                return TypedResults.LocalRedirect(returnTo);
            case SignInVerdict.Wait wait:
                return answer.Wait(http, returnTo, wait.Until);
            default:
                refusals.Tell(member.Id, http.Actor());
                return answer.Wrong(http, returnTo);
        }
    }
}

internal sealed class SignInAgainAnswer(PageFrames frames, PublicAddress address, TimeProvider time)
{
    public RazorComponentResult<SignInAgainPage> Open(HttpContext http, string returnTo) => PageAnswers.Page<SignInAgainPage>(Model(http, returnTo));

    public RazorComponentResult<SignInAgainPage> Wrong(HttpContext http, string returnTo) =>
        PageAnswers.Page<SignInAgainPage>(Model(http, returnTo) with { Error = "This is not your password." }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<SignInAgainPage> Wait(HttpContext http, string returnTo, DateTimeOffset until)
    {
        http.Response.RetryAfter(until - time.Now());
        return PageAnswers.Page<SignInAgainPage>(Model(http, returnTo) with { Error = MembersProblems.WaitSentence(until) }, StatusCodes.Status429TooManyRequests);
    }

    private SignInAgainPageModel Model(HttpContext http, string returnTo) => new()
    {
        Frame = frames.ForVisitor(http),
        HostName = address.HostName(http.Request),
        Name = http.User.Identity?.Name ?? "",
        ReturnTo = returnTo,
    };
}
