using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>The door: GET shows it, POST opens it or says that address or password is not right, never which.</summary>
internal static class SignIn
{
    public const string PasswordPath = "/password";
    public const string CodePath = "/signin/code";
    public const string PasskeyPath = "/signin/passkey";

    public static async Task<Results<RazorComponentResult<SignInPage>, RedirectHttpResult>> Show(
        string? returnTo, bool? signedOut, HttpContext http, SignInAnswer answer, MemberDirectory directory, CancellationToken cancellationToken) =>
        http.User.SessionId() is null
            ? answer.Open(http, LocalPath.OrHome(returnTo), signedOut is true, isVaultNew: await directory.IsEmptyAsync(cancellationToken))
            : TypedResults.LocalRedirect(LocalPath.OrHome(returnTo));

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInPage>, ProblemHttpResult>> Handle(
        HttpContext http, SignInCheck check, MemberEntrance entrance, HalfSignIns halves, SignInRefusals refusals, SignInAnswer answer, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (email, returnTo) = (form["email"], LocalPath.OrHome(form["returnTo"]));

        var verdict = await check.CheckAsync(email, form["password"], http, cancellationToken);
        if (verdict is SignInVerdict.Wait wait)
            return answer.Wait(http, email, returnTo, wait.Until);
        if (verdict is SignInVerdict.Right { Member.NeedsSecond: true } half)
        {
            halves.Begin(http.Response, half.Member, returnTo);
            return TypedResults.LocalRedirect(CodePath);
        }

        if (verdict is SignInVerdict.Right right && await entrance.EnterAsync(http, right.Member, cancellationToken) is { } entered)
            return TypedResults.LocalRedirect(entered.MustChangePassword ? PasswordPath : returnTo);

        refusals.Tell((verdict as SignInVerdict.Wrong)?.MemberId, http.Stranger());
        return answer.Wrong(http, email, returnTo);
    }
}

/// <summary>The page of the door, open or with a no.</summary>
internal sealed class SignInAnswer(PageFrames frames, PublicAddress address, TimeProvider time)
{
    public RazorComponentResult<SignInPage> Open(HttpContext http, string returnTo, bool signedOut, bool isVaultNew) =>
        PageAnswers.Page<SignInPage>(Model(http, returnTo) with { SignedOut = signedOut, IsVaultNew = isVaultNew });

    public RazorComponentResult<SignInPage> Wrong(HttpContext http, string email, string returnTo) =>
        PageAnswers.Page<SignInPage>(Model(http, returnTo) with { Email = email, Failure = SignInFailure.WrongEmailOrPassword }, StatusCodes.Status401Unauthorized);

    public RazorComponentResult<SignInPage> Wait(HttpContext http, string email, string returnTo, DateTimeOffset until)
    {
        http.Response.RetryAfter(until - time.Now());
        return PageAnswers.Page<SignInPage>(
            Model(http, returnTo) with { Email = email, Failure = SignInFailure.TooManyTries, NextTryAt = until }, StatusCodes.Status429TooManyRequests);
    }

    private SignInPageModel Model(HttpContext http, string returnTo) =>
        new() { Frame = frames.ForVisitor(http), HostName = address.HostName(http.Request), ReturnTo = returnTo, TakesPasskeys = address.TakesPasskeys(http.Request) };
}

/// <summary>Lets a member in whose password was right.</summary>
internal sealed class MemberEntrance(MemberDirectory directory, SessionDoor door, KnownBrowsers browsers, LookupDigest lookup, IRemovalEnding removals)
{
    /// <summary>Null when he belongs to no tenant any more.</summary>
    public async Task<Member?> EnterAsync(HttpContext http, ProvedMember proved, CancellationToken cancellationToken)
    {
        var member = await directory.GetAsync(proved.Id, cancellationToken);
        var actor = http.Stranger() with { Kind = AuditActorKind.Member, Id = proved.Id, Name = directory.NameOf(member) };
        if (!await door.OpenAsync(http, proved, actor, cancellationToken))
            return null;
        if (proved.HasTwoFactors)
            await removals.EndAsync(proved.Id, actor, cancellationToken);
        browsers.Remember(http, lookup.Of(member.Email!), proved.Stamp);
        return member;
    }
}

internal static class DoorExtensions
{
    /// <summary>Somebody at the door who has not shown who he is.</summary>
    public static Actor Stranger(this HttpContext http) => Actor.System with
    {
        Address = http.Connection.RemoteIpAddress?.ToString(),
        UserAgent = http.Request.Headers.UserAgent.ToString(),
    };

    public static void RetryAfter(this HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
