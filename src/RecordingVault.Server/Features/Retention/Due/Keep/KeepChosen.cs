using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Due.Keep;

/// <summary>Several recordings kept longer at once: all or none, by forms that need no script.</summary>
internal static class KeepChosen
{
    public const string Path = "/recordings/chosen/keep";
    public const string DonePath = "/recordings/chosen/keep/until";

    private const string Nothing = "Nothing is kept longer";

    /// <summary>What the library's bar leads to: until when, and why. Posted, because the ids would make a long address; it changes nothing.</summary>
    public static async Task<IResult> Ask(HttpContext http, ChosenRecordings chosen, RecordingTitles titles, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (ChosenRecordings.Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        if (await chosen.RefusalsAsync(ids, _ => null, cancellationToken) is { Count: > 0 } refused)
            return await ChosenByForm.RefusedAsync(http, frames, Nothing, refused, cancellationToken);
        return PageAnswers.Page<KeepChosenPage>(await ModelAsync(http, ids, titles, frames, cancellationToken));
    }

    public static async Task<IResult> Keep(HttpContext http, KeepChange change, RecordingTitles titles, PageFrames frames, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (ChosenRecordings.Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        if (KeepWish.TryRead(form["until"], form["reason"], time.Now(), out var wish) is { } unfit)
            return PageAnswers.Page<KeepChosenPage>((await ModelAsync(http, ids, titles, frames, cancellationToken)) with { Form = KeepForm.Refused(form["until"], form["reason"], unfit) }, unfit.Status);
        var refused = await change.KeepAsync(ids, wish, http, cancellationToken);
        return refused.Count > 0 ? await ChosenByForm.RefusedAsync(http, frames, Nothing, refused, cancellationToken) : TypedResults.LocalRedirect("/");
    }

    private static async Task<KeepChosenPageModel> ModelAsync(HttpContext http, IReadOnlyList<Guid> ids, RecordingTitles titles, PageFrames frames, CancellationToken cancellationToken)
    {
        var names = await titles.OfAsync([.. ids], cancellationToken);
        return new KeepChosenPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Recordings = [.. ids.Where(names.ContainsKey).Select(id => new KeptOfSeveral(id, names[id]))],
        };
    }
}
