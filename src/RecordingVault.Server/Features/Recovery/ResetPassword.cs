using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>The page of a reset link. The link comes in the fragment and is posted with the new password by a press: looking at the page uses up nothing.</summary>
internal static class ResetPassword
{
    public const string Path = "/reset";

    public static RazorComponentResult<ResetPage> Show(HttpContext http, ResetAnswer answer) => ResetAnswer.Page(http, answer.Model(http));

    public static async Task<Results<RazorComponentResult<ResetPage>, ProblemHttpResult>> Handle(
        HttpContext http, ResetDoor door, PasswordResetting resetting, MemberWords words, ResetAnswer answer, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (link, password) = (form["link"], form["newPassword"]);
        if (await door.ProveAsync(link, cancellationToken) is not { } proved)
            return answer.Ended(http);
        // After the proof: the words that it is judged against tell of the member.
        if (PasswordRule.CheckIn(PublicTexts.Choose(http.Request.Headers.AcceptLanguage), password, await words.AboutAsync(proved.Member, cancellationToken)) is { } complaint)
            return ResetAnswer.Page(http, answer.Model(http) with { Link = link, Complaint = complaint }, StatusCodes.Status400BadRequest);
        return await resetting.SetAsync(proved, password, http.Stranger(), cancellationToken)
            ? ResetAnswer.Page(http, answer.Model(http) with { State = ResetState.Done })
            : answer.Ended(http);
    }
}

internal sealed class ResetAnswer(PageFrames frames)
{
    public ResetPageModel Model(HttpContext http) => new()
    {
        Frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) },
        MinimumPasswordLength = PasswordRule.Shortest,
    };

    public RazorComponentResult<ResetPage> Ended(HttpContext http) => Page(http, Model(http) with { State = ResetState.Ended }, StatusCodes.Status403Forbidden);

    public static RazorComponentResult<ResetPage> Page(HttpContext http, ResetPageModel model, int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.Vary = "Accept-Language";
        return PageAnswers.Page<ResetPage>(model, status);
    }
}
