using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags.Processors;

/// <param name="Name">As the organisation calls it.</param>
/// <param name="Reason">Why content may go there; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NameProcessorRequest(string? Name, string? Reason);

internal sealed record ProcessorsResponse(IReadOnlyList<ProcessorResponse> Items);

/// <summary>GET and POST /api/v1/tenant/processors, DELETE /api/v1/tenant/processors/{id}, and their forms.</summary>
internal static class ChangeProcessors
{
    public static async Task<Ok<ProcessorsResponse>> List(ProcessorBook book, CancellationToken cancellationToken) => TypedResults.Ok(new ProcessorsResponse(await book.ReadAsync(cancellationToken)));

    public static async Task<Results<Created<ProcessorResponse>, ProblemHttpResult>> Name(NameProcessorRequest request, HttpContext http, ProcessorBook book, CancellationToken cancellationToken)
    {
        var (named, refusal) = await book.NameAsync(request.Name, request.Reason, http, cancellationToken);
        return named is null ? refusal!.ToResult() : TypedResults.Created($"/api/v1/tenant/processors/{named.Id}", named);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> TakeBack(Guid id, HttpContext http, ProcessorBook book, CancellationToken cancellationToken) =>
        await book.TakeBackAsync(id, http, cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();

    public static async Task<IResult> NameByForm(HttpContext http, UsagePolicyPages pages, ProcessorBook book, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (named, refusal) = await book.NameAsync(form["name"], form["reason"], http, cancellationToken);
        return named is not null ? TypedResults.LocalRedirect(UsagePolicyPages.Path) : await pages.RefusedAsync(http, refusal!, form, cancellationToken);
    }

    public static async Task<IResult> TakeBackByForm(Guid id, HttpContext http, ProcessorBook book, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is null)
            return Problem.NoForm.ToResult();
        return await book.TakeBackAsync(id, http, cancellationToken) is not { } refusal ? TypedResults.LocalRedirect(UsagePolicyPages.Path)
            : refusal == Problem.NotFound ? new NoSuchPage() : refusal.ToResult();
    }
}
