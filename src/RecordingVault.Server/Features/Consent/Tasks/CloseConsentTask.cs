using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Pages;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Tasks;

/// <param name="Outcome">asked-again, cut, restricted, disposed or kept.</param>
/// <param name="Word">What was done.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CloseConsentTaskRequest(string? Outcome, string? Word);

internal sealed record ConsentTasksResponse(IReadOnlyList<ConsentTaskResponse> Items);

/// <summary>GET /api/v1/recordings/{id}/consent-tasks, POST /api/v1/consent-tasks/{id}/close, and its form.</summary>
internal static class CloseConsentTask
{
    public static async Task<Results<Ok<ConsentTasksResponse>, ProblemHttpResult>> List(Guid id, ConsentReading reading, ConsentTasks tasks, CancellationToken cancellationToken) =>
        await reading.IsThereAsync(id, cancellationToken) ? TypedResults.Ok(new ConsentTasksResponse(await tasks.ListAsync(id, cancellationToken))) : Problem.NotFound.ToResult();

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, CloseConsentTaskRequest request, HttpContext http, ConsentTasks tasks, CancellationToken cancellationToken) =>
        await tasks.CloseAsync(id, request.Outcome, request.Word, http.Actor(), http.User.MemberId(), cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, ConsentTasks tasks, ConsentPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await tasks.RecordingOfAsync(id, cancellationToken) is not { } recording)
            return new NoSuchPage();
        if (await tasks.CloseAsync(id, form["outcome"], form["word"], http.Actor(), http.User.MemberId(), cancellationToken) is not { } refusal)
            return TypedResults.LocalRedirect($"/recordings/{recording}/consent");
        return await pages.ModelAsync(recording, person: null, cursor: null, http, cancellationToken) is { } model
            ? PageAnswers.Page<ConsentPage>(model with { WrongTask = id, TaskWord = form["word"], TaskOutcome = form["outcome"], ErrorField = refusal.Field, Error = refusal.Sentence }, refusal.Status)
            : new NoSuchPage();
    }
}
