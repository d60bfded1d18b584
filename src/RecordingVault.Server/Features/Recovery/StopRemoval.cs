using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Stops the removal of a second factor: by the link in the letter, or by one press on any page of the member's.</summary>
internal static class StopRemoval
{
    public const string Path = "/removal";
    public const string OwnPath = "/settings/second-factor/keep";

    public static RazorComponentResult<RemovalPage> Show(HttpContext http, RemovalAnswer answer) => answer.Page(http, RemovalState.Open);

    public static async Task<Results<RazorComponentResult<RemovalPage>, ProblemHttpResult>> Handle(
        HttpContext http, FactorRemovals removals, RemovalAnswer answer, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var isStopped = await removals.ProveAsync(form["link"], cancellationToken) is { } removal && await removals.StopAsync(removal, http.Stranger(), cancellationToken);
        return answer.Page(http, isStopped ? RemovalState.Stopped : RemovalState.Ended);
    }

    public static async Task<IResult> Keep(HttpContext http, FactorRemovals removals, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await removals.FindAsync(http.User.MemberId(), cancellationToken) is { } removal)
            await removals.StopAsync(removal, http.Actor(), cancellationToken);
        return TypedResults.LocalRedirect(LocalPath.OrHome(form["returnTo"]));
    }
}

internal sealed class RemovalAnswer(PageFrames frames)
{
    public RazorComponentResult<RemovalPage> Page(HttpContext http, RemovalState state)
    {
        http.Response.Headers.Vary = "Accept-Language";
        var frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) };
        return PageAnswers.Page<RemovalPage>(new RemovalPageModel(frame, state), state == RemovalState.Ended ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK);
    }
}
