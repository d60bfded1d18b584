using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>The page of both letters of a change of address: agree, or stop it.</summary>
internal static class AnswerAddress
{
    public const string Path = "/address";

    public static RazorComponentResult<AddressLinkPage> Show(HttpContext http, AddressLinkAnswer answer) => answer.Page(http, AddressState.Open);

    public static async Task<Results<RazorComponentResult<AddressLinkPage>, ProblemHttpResult>> Handle(
        HttpContext http, AddressAgreement agreement, AddressChanging changing, AddressLinkAnswer answer, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await agreement.ProveAsync(form["link"], cancellationToken) is not { } proved)
            return answer.Page(http, AddressState.Ended);
        return answer.Page(http, form["answer"] switch
        {
            "agree" => await agreement.AgreeAsync(proved, http.Stranger(), cancellationToken),
            "stop" => await changing.StopAsync(proved.Row, http.Stranger(), cancellationToken) ? AddressState.Stopped : AddressState.Ended,
            _ => AddressState.Ended,
        });
    }
}

internal sealed class AddressLinkAnswer(PageFrames frames)
{
    public RazorComponentResult<AddressLinkPage> Page(HttpContext http, AddressState state)
    {
        http.Response.Headers.Vary = "Accept-Language";
        var frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) };
        return PageAnswers.Page<AddressLinkPage>(new AddressLinkPageModel(frame, state), state == AddressState.Ended ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK);
    }
}
