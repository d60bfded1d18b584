using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators.Passkeys;

/// <summary>The operator's door by passkey, for whoever comes in and for whoever shows anew who he is: the thing, and who unlocks it, are two factors.</summary>
internal static class SignInByOperatorPasskey
{
    public const string Path = ManagementListener.SignInPath + "/passkey";

    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ask(HttpContext http, PublicAddress address, IPasskeyHandler<Operator> passkeys, PasskeyChallenges challenges)
    {
        if (!address.TakesPasskeys(http.Request))
            return PasskeyProblems.NeedsName.ToResult();
        var options = await passkeys.MakeRequestOptionsAsync(null, http);
        challenges.Ask(http, ChallengePurpose.OperatorSignIn, options.AssertionState ?? "");
        return TypedResults.Content(options.RequestOptionsJson, "application/json");
    }

    public static async Task<Results<Ok<PasskeySignInResponse>, ProblemHttpResult>> Handle(
        PasskeySignInRequest request, HttpContext http, OperatorPasskeyCheck check, OperatorSessions sessions, ILogger<Operator> log, TimeProvider time, CancellationToken cancellationToken)
    {
        if (PasskeyAnswer.Read(request.Credential) is not { } answer)
            return Problem.BadRequest.ToResult();
        switch (await check.CheckAsync(http, answer, cancellationToken))
        {
            case OperatorVerdict.Right right:
                await sessions.BeginAsync(http, right.Operator.Id, right.Operator.Stamp, cancellationToken);
                OperatorDoor.SignedIn(log, right.Operator.Id);
                return TypedResults.Ok(new PasskeySignInResponse(OperatorDoor.ReturnTo(request.ReturnTo)));
            case OperatorVerdict.Wait wait:
                http.Response.RetryAfter(wait.Until - time.Now());
                return PasskeyProblems.TooManyTries(wait.Until).ToResult();
            case OperatorVerdict.Over:
                return PasskeyProblems.Over.ToResult();
            default:
                OperatorDoor.Refused(log);
                return PasskeyProblems.Refused.ToResult();
        }
    }
}

/// <summary>Checks an answer by passkey. Its tries are counted apart from those of passwords, as members' are.</summary>
internal sealed class OperatorPasskeyCheck(VaultDbContext db, IPasskeyHandler<Operator> passkeys, PasskeyChallenges challenges, Throttling throttling, TimeProvider time)
{
    public async Task<OperatorVerdict> CheckAsync(HttpContext http, PasskeyAnswer answer, CancellationToken cancellationToken)
    {
        var address = throttling.Passkeys(http.Connection.RemoteIpAddress);
        if (await throttling.TryAsync([address], cancellationToken) is { } until)
            return new OperatorVerdict.Wait(until);
        if (await challenges.TakeAsync(http, ChallengePurpose.OperatorSignIn, cancellationToken) is not { } state)
            return new OperatorVerdict.Over();

        var result = await passkeys.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = answer.Json, AssertionState = state });
        if (!result.Succeeded || !answer.IsUserVerified || !await NoteUseAsync(result.User, result.Passkey, cancellationToken))
            return new OperatorVerdict.Wrong();
        await throttling.GiveBackAsync(address, cancellationToken);
        return new OperatorVerdict.Right(result.User);
    }

    /// <summary>False when it was removed, or its answer was counted by another request, meanwhile. Of two copies of an authenticator the one that counts lower is refused.</summary>
    private async Task<bool> NoteUseAsync(Operator user, UserPasskeyInfo used, CancellationToken cancellationToken)
    {
        var (now, count) = (time.Now(), (long)used.SignCount);
        if (await db.OperatorPasskeys.Where(row => row.CredentialId == used.CredentialId && row.OperatorId == user.Id && (count == 0 || row.SignCount < count)).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.SignCount, count).SetProperty(row => row.IsBackedUp, used.IsBackedUp).SetProperty(row => row.LastUsedAt, now), cancellationToken) != 1)
            return false;
        return await db.Operators.Where(row => row.Id == user.Id && row.Stamp == user.Stamp).ExecuteUpdateAsync(set => set.SetProperty(row => row.SignedInAt, now), cancellationToken) == 1;
    }
}
