using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Factors;

/// <summary>The second step at the door: the password was right, and a code of the authenticator, a passkey (by its own address) or a recovery code opens it. Until then there is no session.</summary>
internal static class SignInCode
{
    private const string Door = "/signin";

    public static async Task<Results<RazorComponentResult<SignInCodePage>, RedirectHttpResult>> Show(
        bool? recovery, HttpContext http, HalfSignIns halves, SignInCodeAnswer answer, CancellationToken cancellationToken) =>
        halves.Find(http.Request) is { } half ? await answer.OpenAsync(http, half, recovery is true, cancellationToken) : TypedResults.LocalRedirect(Door);

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInCodePage>, ProblemHttpResult>> Handle(
        HttpContext http, HalfSignIns halves, HalfSignInStamps stamps, CodeCheck check, MemberEntrance entrance, SignInRefusals refusals, SignInCodeAnswer answer,
        CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (halves.Find(http.Request) is not { } half || !await stamps.IsGoodAsync(half, cancellationToken))
        {
            HalfSignIns.End(http.Response);
            return TypedResults.LocalRedirect(Door);
        }

        var isRecovery = form["recovery"] == "true";
        var actor = http.Stranger() with { Kind = AuditActorKind.Member, Id = half.MemberId };
        switch (await check.CheckAsync(half.MemberId, form["code"], http, actor, cancellationToken))
        {
            case CodeVerdict.Right when await entrance.EnterAsync(http, new ProvedMember(half.MemberId, half.Stamp) { HasTwoFactors = true }, cancellationToken) is { } entered:
                HalfSignIns.End(http.Response);
                return TypedResults.LocalRedirect(entered.MustChangePassword ? SignIn.PasswordPath : half.ReturnTo);
            case CodeVerdict.Wait wait:
                return await answer.WaitAsync(http, half, isRecovery, wait.Until, cancellationToken);
            default:
                refusals.Tell(half.MemberId, http.Stranger(), "code-wrong");
                return await answer.WrongAsync(http, half, isRecovery, cancellationToken);
        }
    }
}

/// <summary>Whether the account stands as it did when the password was shown.</summary>
internal sealed class HalfSignInStamps(VaultDbContext db)
{
    public Task<bool> IsGoodAsync(HalfSignIn half, CancellationToken cancellationToken) =>
        db.Users.AnyAsync(member => member.Id == half.MemberId && member.SecurityStamp == half.Stamp, cancellationToken);
}

internal sealed class SignInCodeAnswer(PageFrames frames, PublicAddress address, MemberFactors factors, TimeProvider time)
{
    public async Task<RazorComponentResult<SignInCodePage>> OpenAsync(HttpContext http, HalfSignIn half, bool isRecovery, CancellationToken cancellationToken) =>
        PageAnswers.Page<SignInCodePage>(await ModelAsync(http, half, isRecovery, cancellationToken));

    public async Task<RazorComponentResult<SignInCodePage>> WrongAsync(HttpContext http, HalfSignIn half, bool isRecovery, CancellationToken cancellationToken) => PageAnswers.Page<SignInCodePage>(
        await ModelAsync(http, half, isRecovery, cancellationToken) with
        {
            Error = isRecovery ? "This is none of your recovery codes, or it was used before." : "This code is not right, or it was used before. Wait for the next one.",
        },
        StatusCodes.Status401Unauthorized);

    public async Task<RazorComponentResult<SignInCodePage>> WaitAsync(HttpContext http, HalfSignIn half, bool isRecovery, DateTimeOffset until, CancellationToken cancellationToken)
    {
        http.Response.RetryAfter(until - time.Now());
        return PageAnswers.Page<SignInCodePage>(
            await ModelAsync(http, half, isRecovery, cancellationToken) with { Error = MembersProblems.WaitSentence(until) }, StatusCodes.Status429TooManyRequests);
    }

    /// <summary>Who showed the right password learns which second factors there are.</summary>
    private async Task<SignInCodePageModel> ModelAsync(HttpContext http, HalfSignIn half, bool isRecovery, CancellationToken cancellationToken)
    {
        var standing = await factors.ReadAsync(half.MemberId, cancellationToken);
        return new SignInCodePageModel
        {
            Frame = frames.ForVisitor(http),
            HostName = address.HostName(http.Request),
            ReturnTo = half.ReturnTo,
            IsRecovery = isRecovery,
            HasAuthenticator = standing.HasAuthenticator,
            HasPasskey = standing.Passkeys > 0,
            TakesPasskeys = address.TakesPasskeys(http.Request),
        };
    }
}
