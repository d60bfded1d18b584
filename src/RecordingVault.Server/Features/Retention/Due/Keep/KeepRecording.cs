using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Due.Keep;

/// <param name="Until">A day or a moment.</param>
/// <param name="Reason">Why; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeepRequest(string? Until, string? Reason);

/// <param name="Reason">Why; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeepEndRequest(string? Reason);

/// <summary>GET, POST and DELETE /api/v1/recordings/{id}/keep, and the recording's page for it.</summary>
internal static class KeepRecording
{
    public static string PathOf(Guid id) => $"/recordings/{id}/keep";

    public static async Task<Results<Ok<KeepResponse>, ProblemHttpResult>> Read(Guid id, KeepReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : Problem.NotFound.ToResult();

    public static async Task<Results<Ok<KeepResponse>, ProblemHttpResult>> Handle(
        Guid id, KeepRequest request, HttpContext http, KeepChange change, KeepReading reading, TimeProvider time, CancellationToken cancellationToken) =>
        // What is not there is not there, however it is asked for.
        await reading.FindAsync(id, cancellationToken) is null ? Problem.NotFound.ToResult()
        : (KeepWish.TryRead(request.Until, request.Reason, time.Now(), out var wish) ?? await change.KeepAsync(id, wish, http, cancellationToken)) is { } refusal ? refusal.ToResult()
        : await Read(id, reading, cancellationToken);

    public static async Task<Results<NoContent, ProblemHttpResult>> End(Guid id, HttpContext http, KeepChange change, CancellationToken cancellationToken)
    {
        var body = await OptionalBody<KeepEndRequest>.ReadAsync(http.Request, cancellationToken);
        return (body.Wrong ?? await change.EndAsync(id, body.Value?.Reason, http, cancellationToken)) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
    }

    public static async Task<IResult> Show(Guid id, HttpContext http, KeepPages pages, CancellationToken cancellationToken) =>
        await pages.OneAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<KeepPage>(model) : new NoSuchPage();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, KeepChange change, KeepPages pages, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var refusal = KeepWish.TryRead(form["until"], form["reason"], time.Now(), out var wish) ?? await change.KeepAsync(id, wish, http, cancellationToken);
        return refusal is null ? TypedResults.LocalRedirect(DueRoutes.Path)
            : await pages.OneAsync(id, http, cancellationToken) is not { } model ? new NoSuchPage()
            : PageAnswers.Page<KeepPage>(model with { Form = KeepForm.Refused(form["until"], form["reason"], refusal) }, refusal.Status);
    }

    public static async Task<IResult> EndByForm(Guid id, HttpContext http, KeepChange change, KeepPages pages, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var refusal = FreshSignIn.Check(http, time.GetUtcNow()) ?? await change.EndAsync(id, form["reason"], http, cancellationToken);
        return refusal is null ? TypedResults.LocalRedirect(PathOf(id))
            : await pages.OneAsync(id, http, cancellationToken) is not { } model ? new NoSuchPage()
            : PageAnswers.Page<KeepPage>(model with { End = KeepForm.Refused("", form["reason"], refusal) }, refusal.Status);
    }
}

/// <summary>Gathers what the page of one recording shows.</summary>
internal sealed class KeepPages(KeepReading reading, RecordingTitles titles, PageFrames frames)
{
    public async Task<KeepPageModel?> OneAsync(Guid id, HttpContext http, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is not { } kept ? null : new KeepPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
            Kept = kept,
            Name = (await titles.OfAsync([id], cancellationToken)).GetValueOrDefault(id) ?? "",
            MayEnd = http.User.RoleInTenant() is Role.Owner or Role.Admin && http.User.SessionId() is not null,
        };
}
