using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Holds.Pages;

/// <summary>Several recordings for one matter, all held or none, by forms that need no script.</summary>
internal static class HoldChosen
{
    public const string Path = "/recordings/chosen/hold";
    public const string SetPath = "/recordings/chosen/holds";

    /// <summary>What the library's bar leads to. Posted, because the ids would make a long address; it changes nothing.</summary>
    public static async Task<IResult> Ask(HttpContext http, ChosenRecordings chosen, RecordingTitles titles, MatterReading reading, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (ChosenRecordings.Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        if (await chosen.RefusalsAsync(ids, _ => null, cancellationToken) is { Count: > 0 } refused)
            return await ChosenByForm.RefusedAsync(http, frames, "These can't be held together", refused, cancellationToken);
        return PageAnswers.Page<HoldChosenPage>(await ModelAsync(http, ids, titles, reading, frames, cancellationToken));
    }

    public static async Task<IResult> Set(HttpContext http, HoldSetting setting, RecordingTitles titles, MatterReading reading, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (ChosenRecordings.Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        var matter = Guid.TryParseExact(form["matter"], "D", out var named) ? named : (Guid?)null;
        var (refused, refusal) = await setting.SetAllAsync(ids, matter, form["reason"], http, cancellationToken);
        if (refused.Count > 0)
            return await ChosenByForm.RefusedAsync(http, frames, "Nothing was put on hold", refused, cancellationToken);
        if (refusal is null)
            return TypedResults.LocalRedirect(MatterPages.PathOf(matter!.Value));
        var model = await ModelAsync(http, ids, titles, reading, frames, cancellationToken) with { Matter = form["matter"], Reason = form["reason"] };
        return PageAnswers.Page<HoldChosenPage>(refusal.Field switch
        {
            "matter" => model with { MatterError = refusal.Sentence },
            "reason" => model with { ReasonError = refusal.Sentence },
            _ => model with { Error = refusal.Sentence },
        }, refusal.Status);
    }

    private static async Task<HoldChosenPageModel> ModelAsync(HttpContext http, IReadOnlyList<Guid> ids, RecordingTitles titles, MatterReading reading, PageFrames frames, CancellationToken cancellationToken)
    {
        var names = await titles.OfAsync([.. ids], cancellationToken);
        return new HoldChosenPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Recordings = [.. ids.Where(names.ContainsKey).Select(id => new ChosenToHold(id, names[id]))],
            Matters = await reading.OpenOnesAsync(cancellationToken),
        };
    }
}
