using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>A member sets a new password: every session of his ends, and the browser that did it goes on under a new one.</summary>
internal static class ChangePassword
{
    public static Results<RazorComponentResult<PasswordPage>, ProblemHttpResult> Show(HttpContext http, PasswordAnswer answer) =>
        http.User.SessionId() is null ? Problem.Forbidden.ToResult() : answer.Open(http);

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<PasswordPage>, ProblemHttpResult>> Handle(
        HttpContext http, MemberDirectory directory, PageFrames frames, SignInCheck check, PasswordChange change, PasswordAnswer answer, CancellationToken cancellationToken)
    {
        if (http.User.SessionId() is null)
            return Problem.Forbidden.ToResult();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (current, wanted) = (form["currentPassword"], form["newPassword"]);
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);
        var tenantName = await frames.TenantNameAsync(cancellationToken);
        if ((PasswordRule.Check(wanted, directory.NameOf(member), member.Email, tenantName) ?? CheckDiffers(current, wanted)) is { } complaint)
            return answer.WrongNew(http, complaint);

        switch (await check.CheckAsync(member.Email!, current, http, cancellationToken))
        {
            case SignInVerdict.Right when await change.ChangeAsync(http, member, wanted, cancellationToken):
                return TypedResults.LocalRedirect("/");
            case SignInVerdict.Wait wait:
                return answer.Wait(http, wait.Until);
            default:
                return answer.WrongCurrent(http);
        }
    }

    private static string? CheckDiffers(string current, string wanted) =>
        string.Equals(current, wanted, StringComparison.Ordinal) ? "Choose another password than the one until now." : null;
}

/// <summary>The page, with what was wrong.</summary>
internal sealed class PasswordAnswer(PageFrames frames, PublicAddress address, TimeProvider time)
{
    public RazorComponentResult<PasswordPage> Open(HttpContext http) => PageAnswers.Page<PasswordPage>(Model(http));

    public RazorComponentResult<PasswordPage> WrongNew(HttpContext http, string complaint) =>
        PageAnswers.Page<PasswordPage>(Model(http) with { NewPasswordError = complaint }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<PasswordPage> WrongCurrent(HttpContext http) =>
        PageAnswers.Page<PasswordPage>(Model(http) with { CurrentPasswordError = "This is not your present password." }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<PasswordPage> Wait(HttpContext http, DateTimeOffset until)
    {
        http.Response.RetryAfter(until - time.Now());
        return PageAnswers.Page<PasswordPage>(Model(http) with { CurrentPasswordError = MembersProblems.WaitSentence(until) }, StatusCodes.Status429TooManyRequests);
    }

    private PasswordPageModel Model(HttpContext http) => new()
    {
        Frame = frames.ForVisitor(http),
        HostName = address.HostName(http.Request),
        MustChange = http.User.MustChangePassword(),
        MinimumPasswordLength = PasswordRule.Shortest,
    };
}

internal sealed class PasswordChange(OwnAccountChange changes, PasswordHashing hashing)
{
    /// <param name="member">From before his present password was checked.</param>
    /// <returns>False when the password was changed from elsewhere meanwhile, and nothing happened.</returns>
    public async Task<bool> ChangeAsync(HttpContext http, Member member, string password, CancellationToken cancellationToken)
    {
        var hash = hashing.HashPassword(member, password);
        return await changes.MakeAsync(http, new WantedAccountChange("password.changed", MemberNotice.PasswordChanged)
        {
            ApplyAsync = (account, _) =>
            {
                account.ChangePassword(hash);
                return Task.FromResult<Problem?>(null);
            },
        }, cancellationToken) is null;
    }
}
