using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Passkeys;

/// <param name="Credential">As PublicKeyCredential.toJSON() writes it.</param>
internal sealed record PasskeySignInRequest(JsonElement? Credential, string? ReturnTo);

/// <param name="Location">Where the page goes on.</param>
internal sealed record PasskeySignInResponse(string Location);

/// <summary>The door by passkey: it asks for no name, because the authenticator knows whose key it holds.</summary>
internal static class SignInByPasskey
{
    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ask(
        HttpContext http, PublicAddress address, IPasskeyHandler<Member> passkeys, PasskeyChallenges challenges)
    {
        if (!address.TakesPasskeys(http.Request))
            return PasskeyProblems.NeedsName.ToResult();
        var options = await passkeys.MakeRequestOptionsAsync(null, http);
        challenges.Ask(http, ChallengePurpose.SignIn, options.AssertionState ?? "");
        return TypedResults.Content(options.RequestOptionsJson, "application/json");
    }

    public static async Task<Results<Ok<PasskeySignInResponse>, ProblemHttpResult>> Handle(
        PasskeySignInRequest request, HttpContext http, PasskeyCheck check, MemberEntrance entrance, SignInRefusals refusals, TimeProvider time, CancellationToken cancellationToken)
    {
        if (PasskeyAnswer.Read(request.Credential) is not { } answer)
            return Problem.BadRequest.ToResult();
        switch (await check.CheckAsync(http, answer, ChallengePurpose.SignIn, cancellationToken))
        {
            case PasskeyVerdict.Right right when await entrance.EnterAsync(http, right.Member, cancellationToken) is { } entered:
                HalfSignIns.End(http.Response);
                return TypedResults.Ok(new PasskeySignInResponse(entered.MustChangePassword ? SignIn.PasswordPath : LocalPath.OrHome(request.ReturnTo)));
            case PasskeyVerdict.Wait wait:
                http.Response.RetryAfter(wait.Until - time.Now());
                return PasskeyProblems.TooManyTries(wait.Until).ToResult();
            case PasskeyVerdict.Over:
                return PasskeyProblems.Over.ToResult();
            case PasskeyVerdict.Right right:
                refusals.Tell(right.Member.Id, http.Stranger());
                return PasskeyProblems.Refused.ToResult();
            case var verdict:
                refusals.Tell((verdict as PasskeyVerdict.Wrong)?.MemberId, http.Stranger());
                return PasskeyProblems.Refused.ToResult();
        }
    }
}
