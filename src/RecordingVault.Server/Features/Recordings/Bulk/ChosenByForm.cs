using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Bulk;

/// <summary>What the library's bar does with the recordings that were ticked, by a form that needs no script.</summary>
internal static class ChosenByForm
{
    /// <summary>POST /recordings/chosen/label: to a tighter one. A looser label shows more to more people; nobody does that to many at once.</summary>
    public static async Task<IResult> Label(HttpContext http, ChosenRecordings chosen, PageFrames frames, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (ChosenRecordings.Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        if (RecordingNames.LabelOf(form["label"]) is not { } label)
            return Problem.Invalid("label", "it is public, internal, confidential or restricted.").ToResult();
        var changed = new List<Recording>();
        var refused = await chosen.ChangeAsync(
            ids,
            recording => recording.Label > label ? $"It is {recording.Label.Name()}, which is tighter. Many at once are only made tighter." : null,
            recording =>
            {
                if (recording.Label == label)
                    return null;
                var entry = ChosenRecordings.Entry("recording.labelled", http.Actor(), recording) with { Fields = [("label", label.Name()), ("before", recording.Label.Name())] };
                recording.Label = label;
                changed.Add(recording);
                return entry;
            },
            cancellationToken);
        if (refused.Count > 0)
            return await RefusedAsync(http, frames, $"No label was changed to {label.Name()}", refused, cancellationToken);
        foreach (var recording in changed)
            jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
        return TypedResults.LocalRedirect($"/?label={label.Name()}");
    }

    /// <summary>POST /recordings/chosen/use: to a stricter tag. Nobody lets machines do more with many at once.</summary>
    public static async Task<IResult> Use(HttpContext http, ChosenRecordings chosen, PageFrames frames, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (ChosenRecordings.Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        if (UsageTag.Parse(form["tag"]) is not { } tag)
            return UsageProblems.NoSuchTag.ToResult();
        var changed = new List<Recording>();
        var refused = await chosen.ChangeAsync(
            ids,
            recording => tag.Rights.IsAsStrictAs(recording.UsageTag.Rights) ? null : $"It is {recording.UsageTag.Name}, which is stricter in some use. Many at once are only made stricter.",
            recording =>
            {
                if (recording.UsageTag == tag)
                    return null;
                var entry = RecordingTagging.Entry(recording, tag, http.Actor());
                recording.UsageTag = tag;
                changed.Add(recording);
                return entry;
            },
            cancellationToken);
        if (refused.Count > 0)
            return await RefusedAsync(http, frames, $"No tag was changed to {tag.Name}", refused, cancellationToken);
        foreach (var recording in changed)
            jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);
        return TypedResults.LocalRedirect("/");
    }

    /// <summary>POST /recordings/chosen/trash.</summary>
    public static async Task<IResult> Trash(HttpContext http, ChosenRecordings chosen, PageFrames frames, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (ChosenRecordings.Read(form, out var ids) is { } wrong)
            return wrong.ToResult();
        var now = time.Now();
        var refused = await chosen.LetGoAsync(
            ids,
            recording =>
            {
                recording.Trash(now);
                return ChosenRecordings.Entry("recording.trashed", http.Actor(), recording);
            },
            cancellationToken);
        return refused.Count > 0 ? await RefusedAsync(http, frames, "Nothing was moved to the trash", refused, cancellationToken) : TypedResults.LocalRedirect("/trash");
    }

    /// <summary>The page that says who stood in the way, and that nothing was done.</summary>
    public static async Task<IResult> RefusedAsync(HttpContext http, PageFrames frames, string title, IReadOnlyList<BulkRefusal> refused, CancellationToken cancellationToken) =>
        PageAnswers.Page<ChosenRefusedPage>(
            new ChosenRefusedPageModel { Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken), Title = title, Refused = refused }, StatusCodes.Status409Conflict);
}
