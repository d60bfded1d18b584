using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>A member whose sign-in is too old for what he is about to do shows one of his own passkeys instead of his password.</summary>
internal static class SignInAgainByPasskey
{
    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ask(
        HttpContext http, PublicAddress address, MemberDirectory directory, IPasskeyHandler<Member> passkeys, PasskeyChallenges challenges, CancellationToken cancellationToken)
    {
        if (!address.TakesPasskeys(http.Request))
            return PasskeyProblems.NeedsName.ToResult();
        var options = await passkeys.MakeRequestOptionsAsync(await directory.GetAsync(http.User.MemberId(), cancellationToken), http);
        challenges.Ask(http, ChallengePurpose.SignInAgain, options.AssertionState ?? "");
        return TypedResults.Content(options.RequestOptionsJson, "application/json");
    }

    public static async Task<Results<Ok<PasskeySignInResponse>, ProblemHttpResult>> Handle(
        PasskeySignInRequest request, HttpContext http, PasskeyCheck check, MemberEntrance entrance, SignInRefusals refusals, TimeProvider time, CancellationToken cancellationToken)
    {
        if (PasskeyAnswer.Read(request.Credential) is not { } answer)
            return Problem.BadRequest.ToResult();
        switch (await check.CheckAsync(http, answer, ChallengePurpose.SignInAgain, cancellationToken))
        {
            case PasskeyVerdict.Right right when right.Member.Id == http.User.MemberId() && await entrance.EnterAsync(http, right.Member, cancellationToken) is not null:
                return TypedResults.Ok(new PasskeySignInResponse(LocalPath.OrHome(request.ReturnTo)));
            case PasskeyVerdict.Wait wait:
                http.Response.RetryAfter(wait.Until - time.Now());
                return PasskeyProblems.TooManyTries(wait.Until).ToResult();
            case PasskeyVerdict.Over:
                return PasskeyProblems.Over.ToResult();
            default:
                refusals.Tell(http.User.MemberId(), http.Actor());
                return PasskeyProblems.Refused.ToResult();
        }
    }
}
