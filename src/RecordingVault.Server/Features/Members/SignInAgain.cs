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
    public const string Path = FreshSignIn.Page;
    public const string PasskeyPath = Path + "/passkey";

    public static async Task<Results<RazorComponentResult<SignInAgainPage>, ProblemHttpResult>> Show(
        string? returnTo, HttpContext http, ISecondStep second, SignInAgainAnswer answer, CancellationToken cancellationToken) =>
        http.User.SessionId() is null
            ? Problem.Forbidden.ToResult()
            : answer.Open(http, LocalPath.OrHome(returnTo), await second.NeedAsync(http.User.MemberId(), cancellationToken));

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInAgainPage>, ProblemHttpResult>> Handle(
        HttpContext http, MemberDirectory directory, SignInCheck check, ISecondStep second, MemberEntrance entrance, SignInRefusals refusals, SignInAgainAnswer answer, CancellationToken cancellationToken)
    {
        if (http.User.SessionId() is null)
            return Problem.Forbidden.ToResult();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var returnTo = LocalPath.OrHome(form["returnTo"]);
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);

        var need = await second.NeedAsync(member.Id, cancellationToken);
        var verdict = await check.CheckAsync(member.Email!, form["password"], http, cancellationToken);
        if (verdict is SignInVerdict.Wait wait)
            return answer.Wait(http, returnTo, need, wait.Until);
        if (verdict is not SignInVerdict.Right right)
        {
            refusals.Tell(member.Id, http.Actor());
            return answer.WrongPassword(http, returnTo, need);
        }

        var hasTwoFactors = http.User.HasTwoFactors();
        if (right.Member.NeedsSecond)
        {
            var code = await second.CheckAsync(member.Id, form["code"], http, cancellationToken);
            if (code.WaitUntil is { } until)
                return answer.Wait(http, returnTo, need, until);
            if (!code.IsRight)
            {
                refusals.Tell(member.Id, http.Actor(), "code-wrong");
                return answer.WrongCode(http, returnTo, need);
            }

            hasTwoFactors = true;
        }

        return await entrance.EnterAsync(http, right.Member with { HasTwoFactors = hasTwoFactors }, cancellationToken) is not null
            ? TypedResults.LocalRedirect(returnTo)
            : Problem.Forbidden.ToResult();
    }
}

internal sealed class SignInAgainAnswer(PageFrames frames, PublicAddress address, TimeProvider time)
{
    public RazorComponentResult<SignInAgainPage> Open(HttpContext http, string returnTo, SecondStepNeed need) => PageAnswers.Page<SignInAgainPage>(Model(http, returnTo, need));

    public RazorComponentResult<SignInAgainPage> WrongPassword(HttpContext http, string returnTo, SecondStepNeed need) =>
        PageAnswers.Page<SignInAgainPage>(Model(http, returnTo, need) with { Error = "This is not your password." }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<SignInAgainPage> WrongCode(HttpContext http, string returnTo, SecondStepNeed need) =>
        PageAnswers.Page<SignInAgainPage>(Model(http, returnTo, need) with { CodeError = "This code is not right, or it was used before. Wait for the next one." }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<SignInAgainPage> Wait(HttpContext http, string returnTo, SecondStepNeed need, DateTimeOffset until)
    {
        http.Response.RetryAfter(until - time.Now());
        return PageAnswers.Page<SignInAgainPage>(Model(http, returnTo, need) with { Error = MembersProblems.WaitSentence(until) }, StatusCodes.Status429TooManyRequests);
    }

    private SignInAgainPageModel Model(HttpContext http, string returnTo, SecondStepNeed need) => new()
    {
        Frame = frames.ForVisitor(http),
        HostName = address.HostName(http.Request),
        Name = http.User.Identity?.Name ?? "",
        ReturnTo = returnTo,
        Second = need,
        TakesPasskeys = address.TakesPasskeys(http.Request),
    };
}
