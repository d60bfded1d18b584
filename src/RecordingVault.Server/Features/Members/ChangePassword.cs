using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>A member sets a new password: every session of his ends, and the browser that did it goes on under a new one.</summary>
internal static class ChangePassword
{
    public static Results<RazorComponentResult<PasswordPage>, ProblemHttpResult> Show(HttpContext http, PasswordAnswer answer) =>
        http.User.SessionId() is null ? Problem.Forbidden.ToResult() : answer.Open(http);

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<PasswordPage>, ProblemHttpResult>> Handle(
        HttpContext http, MemberDirectory directory, SignInCheck check, PasswordChange change, PasswordAnswer answer, CancellationToken cancellationToken)
    {
        if (http.User.SessionId() is null)
            return Problem.Forbidden.ToResult();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (current, wanted) = (form["currentPassword"], form["newPassword"]);
        if ((PasswordRule.Check(wanted) ?? CheckDiffers(current, wanted)) is { } complaint)
            return answer.WrongNew(http, complaint);

        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);
        switch (await check.CheckAsync(member.Email!, current, http, cancellationToken))
        {
            case SignInVerdict.Right when await change.ChangeAsync(member, wanted, http.Actor(), cancellationToken) is { } secret:
                SessionCookie.Write(http.Response, secret);
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

/// <summary>New hash, end of all sessions, a new session and the event, in one transaction; then the member's other tenants hear of it.</summary>
internal sealed class PasswordChange(VaultDbContext db, PasswordHashing hashing, MemberTenants tenants, AuditLog audit, TimeProvider time)
{
    /// <returns>The secret of the session that goes on; null when the password was changed from elsewhere meanwhile, and nothing happened.</returns>
    public async Task<byte[]?> ChangeAsync(Member member, string password, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var entry = new AuditEntry("password.changed", actor, AuditTargetKind.Member, member.Id) { ChangesPermission = true };
        member.ChangePassword(hashing.HashPassword(member, password));
        var (session, secret) = Session.Begin(new ProvedMember(member.Id, member.SecurityStamp!), db.TenantId, now);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.AppendAsync(entry, cancellationToken);
        await db.Sessions.Where(old => old.MemberId == member.Id && old.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(old => old.EndedAt, now), cancellationToken);
        db.Sessions.Add(session);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);

        // The change is made: what is left is telling, and a browser that goes away does not stop that.
        var others = (await tenants.ListAsync(member.Id, CancellationToken.None)).Where(tenantId => tenantId != db.TenantId);
        await tenants.InEachAsync(others, other => other.GetRequiredService<AuditLog>().WriteAsync(entry, CancellationToken.None));
        return secret;
    }
}
