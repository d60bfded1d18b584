using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Rights;

/// <param name="ReceivedAt">When it came in; now where it is absent.</param>
/// <param name="DueAt">By when it is answered; 30 days later where it is absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OpenErasureRequest(DateTimeOffset? ReceivedAt, DateTimeOffset? DueAt, string? Note);

/// <param name="Outcome">erased, partly, refused or withdrawn.</param>
/// <param name="Word">What was done, or why not.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CloseErasureRequest(string? Outcome, string? Word);

internal sealed record ErasuresResponse(IReadOnlyList<ErasureResponse> Items);

/// <summary>Requests to be erased: of one person under /api/v1/contacts/{id}, those that are open under /api/v1/erasure-requests.</summary>
internal static class ErasureEndpoints
{
    public static async Task<Results<Created<ErasureResponse>, ProblemHttpResult>> Open(Guid id, OpenErasureRequest request, HttpContext http, ErasureRequests erasures, CancellationToken cancellationToken)
    {
        var (made, refusal) = await erasures.OpenAsync(id, request.ReceivedAt, request.DueAt, request.Note, http.Actor(), http.User.MemberId(), cancellationToken);
        return made is null
            ? refusal!.ToResult()
            : TypedResults.Created($"/api/v1/contacts/{id}/erasure-requests", (await erasures.ListAsync(id, cancellationToken)).Single(one => one.Id == made));
    }

    public static async Task<Results<Ok<ErasuresResponse>, ProblemHttpResult>> OfOne(Guid id, VaultDbContext db, ErasureRequests erasures, CancellationToken cancellationToken) =>
        await db.Contacts.AnyAsync(contact => contact.Id == id, cancellationToken) ? TypedResults.Ok(new ErasuresResponse(await erasures.ListAsync(id, cancellationToken))) : Problem.NotFound.ToResult();

    public static async Task<Ok<ErasuresResponse>> List(ErasureRequests erasures, CancellationToken cancellationToken) => TypedResults.Ok(new ErasuresResponse(await erasures.ListAsync(contactId: null, cancellationToken)));

    public static async Task<Results<NoContent, ProblemHttpResult>> Close(Guid id, CloseErasureRequest request, HttpContext http, ErasureRequests erasures, CancellationToken cancellationToken) =>
        await erasures.CloseAsync(id, request.Outcome, request.Word, http.Actor(), http.User.MemberId(), cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
}
