using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Operators;

/// <summary>The operator sets a password of his own: every session of his ends, and the browser that did it goes on under a new one.</summary>
internal static class OperatorPassword
{
    public const string Path = ManagementListener.Home + "/password";

    public static RazorComponentResult<OperatorPasswordPage> Show(HttpContext http, OperatorPasswordAnswer answer) => answer.Open(http);

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<OperatorPasswordPage>, ProblemHttpResult>> Handle(
        HttpContext http, OperatorPasswordChange change, OperatorPasswordAnswer answer, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (current, wanted) = (form["currentPassword"], form["newPassword"]);
        if (PasswordRule.Check(wanted, http.User.Identity?.Name) is { } complaint)
            return answer.WrongNew(http, complaint);
        if (string.Equals(current, wanted, StringComparison.Ordinal))
            return answer.WrongNew(http, "Choose another password than the one until now.");
        return await change.ChangeAsync(http, current, wanted, cancellationToken) switch
        {
            OperatorVerdict.Right => TypedResults.LocalRedirect(ManagementListener.Home),
            OperatorVerdict.Wait wait => answer.Wait(http, wait.Until),
            _ => answer.WrongCurrent(http),
        };
    }
}

internal sealed class OperatorPasswordChange(VaultDbContext db, OperatorSignInCheck check, OperatorSessions sessions, PasswordHashing hashing)
{
    public async Task<OperatorVerdict> ChangeAsync(HttpContext http, string current, string wanted, CancellationToken cancellationToken)
    {
        var id = http.User.OperatorId()!.Value;
        var digest = await db.Operators.Where(row => row.Id == id).Select(row => row.NameDigest).SingleAsync(cancellationToken);
        var verdict = await check.CheckPresentAsync(digest, current, http.Connection.RemoteIpAddress, cancellationToken);
        if (verdict is not OperatorVerdict.Right right)
            return verdict;

        var (hash, stamp) = (hashing.HashPassword(OperatorSignInCheck.Anybody, wanted), Guid.NewGuid().ToString());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Of two changes over the same password the later one is refused.
        var changed = await db.Operators.Where(row => row.Id == id && row.Stamp == right.Operator.Stamp)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, hash).SetProperty(row => row.Stamp, stamp).SetProperty(row => row.MustChangePassword, false), cancellationToken);
        if (changed != 1)
            return new OperatorVerdict.Wrong();
        if (!await sessions.GoOnAsync(http, id, stamp, cancellationToken))
            return new OperatorVerdict.Wrong();
        await transaction.CommitAsync(cancellationToken);
        return right;
    }
}

internal sealed class OperatorPasswordAnswer(PageFrames frames, PublicAddress address, TimeProvider time)
{
    public RazorComponentResult<OperatorPasswordPage> Open(HttpContext http) => PageAnswers.Page<OperatorPasswordPage>(Model(http));

    public RazorComponentResult<OperatorPasswordPage> WrongNew(HttpContext http, string complaint) =>
        PageAnswers.Page<OperatorPasswordPage>(Model(http) with { NewPasswordError = complaint }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<OperatorPasswordPage> WrongCurrent(HttpContext http) =>
        PageAnswers.Page<OperatorPasswordPage>(Model(http) with { CurrentPasswordError = "This is not your present password." }, StatusCodes.Status400BadRequest);

    public RazorComponentResult<OperatorPasswordPage> Wait(HttpContext http, DateTimeOffset until)
    {
        http.Response.RetryAfter(until - time.Now());
        return PageAnswers.Page<OperatorPasswordPage>(Model(http) with { CurrentPasswordError = MembersProblems.WaitSentence(until) }, StatusCodes.Status429TooManyRequests);
    }

    private OperatorPasswordPageModel Model(HttpContext http) => new()
    {
        Frame = frames.ForVisitor(http),
        HostName = address.HostName(http.Request),
        MustChange = http.User.HasClaim(claim => claim.Type == OperatorPasswordGate.MustChange),
        MinimumPasswordLength = PasswordRule.Shortest,
    };
}

/// <summary>Whose password was printed on a terminal gets nothing but the page that asks for an own one, and the way out.</summary>
internal static class OperatorPasswordGate
{
    public const string MustChange = "operator-must-change-password";

    public static RouteGroupBuilder NeedsOwnPassword(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (context, next) =>
            context.HttpContext.User.HasClaim(claim => claim.Type == MustChange) ? TypedResults.LocalRedirect(OperatorPassword.Path) : await next(context));
        return group;
    }
}
