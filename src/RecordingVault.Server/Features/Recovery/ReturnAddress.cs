using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>The page of the letter to an address that was changed: whoever reads it puts it back, with a password of his own.</summary>
internal static class ReturnAddress
{
    public const string Path = "/address/return";

    public static RazorComponentResult<ReturnPage> Show(HttpContext http, ReturnAnswer answer) => ReturnAnswer.Page(http, answer.Model(http));

    public static async Task<Results<RazorComponentResult<ReturnPage>, ProblemHttpResult>> Handle(
        HttpContext http, AddressReturns returns, AddressReturning returning, MemberWords words, ReturnAnswer answer, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (link, password) = (form["link"], form["newPassword"]);
        if (await returns.ProveAsync(link, cancellationToken) is not { } proved)
            return answer.Ended(http);
        // After the proof: the words that it is judged against tell of the member.
        string[] about = [proved.Address, .. await words.AboutAsync(proved.Member, cancellationToken)];
        if (PasswordRule.CheckIn(PublicTexts.Choose(http.Request.Headers.AcceptLanguage), password, about) is { } complaint)
            return ReturnAnswer.Page(http, answer.Model(http) with { Link = link, Complaint = complaint }, StatusCodes.Status400BadRequest);
        return await returning.ReturnAsync(proved, password, http.Stranger(), cancellationToken)
            ? ReturnAnswer.Page(http, answer.Model(http) with { State = ResetState.Done })
            : answer.Ended(http);
    }
}

internal sealed class ReturnAnswer(PageFrames frames)
{
    public ReturnPageModel Model(HttpContext http) => new()
    {
        Frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) },
        MinimumPasswordLength = PasswordRule.Shortest,
    };

    public RazorComponentResult<ReturnPage> Ended(HttpContext http) => Page(http, Model(http) with { State = ResetState.Ended }, StatusCodes.Status403Forbidden);

    public static RazorComponentResult<ReturnPage> Page(HttpContext http, ReturnPageModel model, int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.Vary = "Accept-Language";
        return PageAnswers.Page<ReturnPage>(model, status);
    }
}
