using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Editing;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Labels;

/// <param name="Label">public, internal, confidential or restricted.</param>
/// <param name="Reason">Needed where the label becomes looser; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeLabelRequest(string? Label, string? Reason);

/// <summary>PUT /api/v1/recordings/{id}/label, and the form of the page where a recording is edited.</summary>
internal static class ChangeLabel
{
    public static async Task<Results<Ok<RecordingResponse>, ProblemHttpResult>> Handle(
        Guid id, ChangeLabelRequest request, HttpContext http, VaultDbContext db, RecordingLabelling labelling, RecordingReading reading, TimeProvider time, CancellationToken cancellationToken)
    {
        if (RecordingNames.LabelOf(request.Label) is not { } label)
            return (await db.Recordings.AnyAsync(recording => recording.Id == id, cancellationToken) ? RecordingLabelling.NoSuchLabel : Problem.NotFound).ToResult();
        var (recording, refusal) = await labelling.ApplyAsync(id, label, request.Reason, http, cancellationToken);
        if (recording is null)
            return refusal!.ToResult();
        return TypedResults.Ok((await reading.OpenAsync([recording], await SearchReader.OfAsync(http, db, time, cancellationToken), cancellationToken))[0]);
    }

    /// <summary>POST /recordings/{id}/label: back to the recording, or the same page with what was chosen and why it was not done.</summary>
    public static async Task<IResult> HandleForm(
        Guid id, HttpContext http, RecordingReading reading, RecordingLabelling labelling, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await reading.FindAsync(id, cancellationToken) is not { } before)
            return new NoSuchPage();
        var model = await EditRecording.ModelAsync(before, http, frames, cancellationToken);
        model = model with { Label = model.Label with { Reason = form["reason"], Chosen = model.Label.Choices.Any(choice => choice.Name == form["label"]) ? form["label"] : before.Label } };
        if (RecordingNames.LabelOf(form["label"]) is not { } label)
            return Refused(model, RecordingLabelling.NoSuchLabel);
        var (recording, refusal) = await labelling.ApplyAsync(id, label, form["reason"], http, cancellationToken);
        return recording is null ? Refused(model, refusal!) : TypedResults.LocalRedirect($"/recordings/{id}");
    }

    private static RazorComponentResult<EditPage> Refused(EditPageModel model, Problem problem) => PageAnswers.Page<EditPage>(
        model with
        {
            Label = problem.Field is "reason"
                ? model.Label with { ReasonError = problem.Sentence }
                : model.Label with { Error = problem.Sentence, NeedsSignIn = problem == Problem.FreshSignIn || problem == Problem.SecondFactorFirst },
        },
        problem.Status);
}
