using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Contacts;

/// <param name="Name">Absent: as the first of the people is named.</param>
/// <param name="Email">Absent: the first of their addresses.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MakeContactRequest(IReadOnlyList<Guid>? Participants, string? Name = null, string? Email = null, string? Note = null);

/// <summary>What is absent stays as it is; an empty address or note is taken away.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeContactRequest(string? Name, string? Email, string? Note);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AddPeopleRequest(IReadOnlyList<Guid>? Participants);

/// <param name="With">The contact whose people come along, and which is deleted.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MergeContactsRequest(Guid? With);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SearchContactsRequest(string? Words, int? Limit, string? Cursor);

/// <summary>/api/v1/contacts, and DELETE /api/v1/participants/{id}/contact.</summary>
internal static class ContactEndpoints
{
    public static async Task<Results<Ok<PageResponse<ContactResponse>>, ProblemHttpResult>> List(int? limit, string? cursor, ContactReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.PageAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    public static async Task<Results<Ok<FoundContacts>, ProblemHttpResult>> Search(SearchContactsRequest request, ContactSearch search, CancellationToken cancellationToken)
    {
        if ((SearchWords.TryParse(request.Words, out var words) ?? Cursors.CheckLimit(request.Limit)) is { } wrong)
            return wrong.ToResult();
        return await search.FindAsync(words, request.Limit ?? Cursors.DefaultLimit, request.Cursor, cancellationToken) is { } found ? TypedResults.Ok(found) : Cursors.Wrong().ToResult();
    }

    public static async Task<Ok<FoundLookAlikes>> Suggest(LookAlikes alike, CancellationToken cancellationToken) => TypedResults.Ok(await alike.FindAsync(cancellationToken));

    public static async Task<Results<Ok<ContactDetailResponse>, ProblemHttpResult>> Read(Guid id, int? limit, string? cursor, ContactReading reading, CancellationToken cancellationToken)
    {
        var (contact, detail) = await reading.FindAsync(id, limit is >= 1 and <= Cursors.HighestLimit ? limit.Value : Cursors.DefaultLimit, cursor, cancellationToken);
        if (contact is null)
            return Problem.NotFound.ToResult();
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return detail is null ? Cursors.Wrong().ToResult() : TypedResults.Ok(detail);
    }

    public static async Task<Results<Created<ContactDetailResponse>, ProblemHttpResult>> Make(MakeContactRequest request, HttpContext http, ContactChange change, ContactReading reading, CancellationToken cancellationToken)
    {
        var (id, refusal) = await change.CreateAsync(request.Name, request.Email, request.Note, request.Participants, http.Actor(), cancellationToken);
        return id is { } made ? TypedResults.Created($"/api/v1/contacts/{made}", (await reading.FindAsync(made, Cursors.DefaultLimit, cursor: null, cancellationToken)).Detail) : refusal!.ToResult();
    }

    public static async Task<Results<Ok<ContactDetailResponse>, ProblemHttpResult>> Change(Guid id, ChangeContactRequest request, HttpContext http, ContactChange change, ContactReading reading, CancellationToken cancellationToken) =>
        await AnswerAsync(id, await change.ChangeAsync(id, request.Name, request.Email, request.Note, http.Actor(), cancellationToken), reading, cancellationToken);

    public static async Task<Results<Ok<ContactDetailResponse>, ProblemHttpResult>> Add(Guid id, AddPeopleRequest request, HttpContext http, ContactChange change, ContactReading reading, CancellationToken cancellationToken) =>
        await AnswerAsync(id, await change.AddPeopleAsync(id, request.Participants, http.Actor(), cancellationToken), reading, cancellationToken);

    public static async Task<Results<Ok<ContactDetailResponse>, ProblemHttpResult>> Merge(Guid id, MergeContactsRequest request, HttpContext http, ContactChange change, ContactReading reading, CancellationToken cancellationToken) =>
        await AnswerAsync(id, await change.MergeAsync(id, request.With, http.Actor(), cancellationToken), reading, cancellationToken);

    public static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, HttpContext http, ContactChange change, CancellationToken cancellationToken) =>
        await change.DeleteAsync(id, http.Actor(), cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();

    public static async Task<Results<NoContent, ProblemHttpResult>> Remove(Guid id, HttpContext http, ContactChange change, CancellationToken cancellationToken) =>
        await change.RemovePersonAsync(id, http.Actor(), cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();

    private static async Task<Results<Ok<ContactDetailResponse>, ProblemHttpResult>> AnswerAsync(Guid id, Problem? refusal, ContactReading reading, CancellationToken cancellationToken) =>
        refusal is not null ? refusal.ToResult()
        : (await reading.FindAsync(id, Cursors.DefaultLimit, cursor: null, cancellationToken)).Detail is { } detail ? TypedResults.Ok(detail) : Problem.NotFound.ToResult();
}
