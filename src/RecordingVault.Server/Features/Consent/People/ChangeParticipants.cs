using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Pages;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.People;

/// <param name="Email">May be absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AddParticipantRequest(string? Name, string? Email);

/// <summary>What is absent stays as it is; an empty address takes it away.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeParticipantRequest(string? Name, string? Email);

internal sealed record PeopleResponse(IReadOnlyList<PersonResponse> Items);

/// <summary>GET and POST /api/v1/recordings/{id}/participants, PATCH and DELETE /api/v1/participants/{id}, and the form that corrects a name.</summary>
internal static class ChangeParticipants
{
    public static async Task<Results<Ok<PeopleResponse>, ProblemHttpResult>> List(Guid id, ConsentReading reading, CancellationToken cancellationToken) =>
        await reading.IsThereAsync(id, cancellationToken) ? TypedResults.Ok(new PeopleResponse(await reading.PeopleAsync(id, cancellationToken))) : Problem.NotFound.ToResult();

    public static async Task<Results<Created<PersonResponse>, ProblemHttpResult>> Add(
        Guid id, AddParticipantRequest request, HttpContext http, PeopleChange change, ConsentReading reading, CancellationToken cancellationToken)
    {
        if (!await reading.IsThereAsync(id, cancellationToken))
            return Problem.NotFound.ToResult();
        var person = new PersonRequest(request.Name, request.Email);
        if (CheckOne(person) is { } wrong)
            return wrong.ToResult();
        var (added, refusal) = await change.AddAsync(id, person, http.Actor(), cancellationToken);
        return added is null ? refusal!.ToResult()
            : TypedResults.Created($"/api/v1/participants/{added}", (await reading.PeopleAsync(id, cancellationToken)).Single(one => one.Id == added));
    }

    public static async Task<Results<Ok<PersonResponse>, ProblemHttpResult>> Change(
        Guid id, ChangeParticipantRequest request, HttpContext http, PeopleChange change, ConsentReading reading, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, change, reading, cancellationToken) is not { } found)
            return Problem.NotFound.ToResult();
        var person = new PersonRequest(request.Name ?? found.Person.Name, request.Email ?? found.Person.Email);
        if ((CheckOne(person) ?? await change.ChangeAsync(id, person, http.Actor(), cancellationToken)) is { } refusal)
            return refusal.ToResult();
        return TypedResults.Ok((await reading.PeopleAsync(found.Recording, cancellationToken)).Single(one => one.Id == id));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Remove(Guid id, HttpContext http, PeopleChange change, CancellationToken cancellationToken) =>
        await change.RemoveAsync(id, http.Actor(), cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();

    /// <summary>POST /participants/{id}: back to the page of consent, or the same page with what was written.</summary>
    public static async Task<IResult> ChangeByForm(Guid id, HttpContext http, PeopleChange change, ConsentReading reading, ConsentPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await FindAsync(id, change, reading, cancellationToken) is not { } found || await pages.ModelAsync(found.Recording, id, cursor: null, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        var person = new PersonRequest(form["name"], form["email"]);
        return (CheckOne(person) ?? await change.ChangeAsync(id, person, http.Actor(), cancellationToken)) is not { } refusal
            ? TypedResults.LocalRedirect($"/recordings/{found.Recording}/consent?person={id}")
            : PageAnswers.Page<ConsentPage>(model with { Name = form["name"], Email = form["email"], ErrorField = refusal.Field, Error = refusal.Sentence }, refusal.Status);
    }

    private static async Task<(Guid Recording, PersonResponse Person)?> FindAsync(Guid id, PeopleChange change, ConsentReading reading, CancellationToken cancellationToken)
    {
        if (await change.RecordingOfAsync(id, cancellationToken) is not { } recording)
            return null;
        return (await reading.PeopleAsync(recording, cancellationToken)).FirstOrDefault(one => one.Id == id) is { } person ? (recording, person) : null;
    }

    /// <summary>One person alone: the field's name has no place in a list.</summary>
    private static Problem? CheckOne(PersonRequest person) =>
        PersonRequest.Check([person]) is { Field: { } field } wrong ? Problem.Invalid(field[(field.LastIndexOf('.') + 1)..], wrong.Title[(wrong.Title.IndexOf(": ", StringComparison.Ordinal) + 2)..]) : null;
}
