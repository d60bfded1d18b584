using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <param name="Decision">approve or decline.</param>
/// <param name="Word">Why; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DecideLooseningRequest(string? Decision, string? Word);

/// <summary>GET /api/v1/loosenings and /api/v1/loosenings/{id}, POST /api/v1/loosenings/{id}/decision, and their pages.</summary>
internal static class DecideLoosening
{
    public static async Task<Results<Ok<PageResponse<LooseningResponse>>, ProblemHttpResult>> List(int? limit, string? cursor, LooseningReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.PageAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    public static async Task<Results<Ok<LooseningResponse>, ProblemHttpResult>> One(Guid id, LooseningReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : Problem.NotFound.ToResult();

    public static async Task<Results<Ok<LooseningResponse>, ProblemHttpResult>> Handle(
        Guid id, DecideLooseningRequest request, HttpContext http, LooseningDeciding deciding, LooseningReading reading, CancellationToken cancellationToken) =>
        await deciding.DecideAsync(id, request.Decision, request.Word, http, cancellationToken) is { } refusal ? refusal.ToResult() : await One(id, reading, cancellationToken);

    public static async Task<IResult> ShowAll(string? cursor, HttpContext http, LooseningPages pages, CancellationToken cancellationToken) =>
        await pages.ListAsync(cursor, http, cancellationToken) is { } model ? PageAnswers.Page<LooseningsPage>(model) : TypedResults.LocalRedirect(LooseningPages.Path);

    public static async Task<IResult> Show(Guid id, HttpContext http, LooseningPages pages, CancellationToken cancellationToken) =>
        await pages.OneAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<LooseningPage>(model) : new NoSuchPage();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, LooseningPages pages, LooseningDeciding deciding, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var refusal = await deciding.DecideAsync(id, form["decision"], form["word"], http, cancellationToken);
        if (refusal is null)
            return TypedResults.LocalRedirect($"{LooseningPages.Path}/{id}");
        if (await pages.OneAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        model = model with { Word = form["word"] };
        return PageAnswers.Page<LooseningPage>(
            refusal.Field is "word"
                ? model with { WordError = refusal.Sentence }
                : model with { Error = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst },
            refusal.Status);
    }
}
