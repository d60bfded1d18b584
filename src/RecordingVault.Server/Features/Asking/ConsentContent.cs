using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Asking;

/// <summary>The recording for somebody who is in it and was asked: to watch, in small pieces, and in no other way.</summary>
internal static class ConsentContent
{
    public static async Task View(Guid id, Guid? asset, HttpContext http, ConsentDoor door, ReleaseGate gate, ContentAnswer answer, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { Found.Receipt: null } visit)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var decision = await gate.OpenAsync(visit.Asker, visit.Request.RecordingId, AssetWish.Playable(asset), ReleasePurpose.View, visit.Name, cancellationToken);
        await answer.WriteAsync(http, decision, fileName: null);
    }

    public static Task Poster(Guid id, HttpContext http, ConsentDoor door, BesideFilm beside, CancellationToken cancellationToken) => ShowAsync(id, ObjectRole.Poster, null, http, door, beside, cancellationToken);

    public static Task Thumbnails(Guid id, HttpContext http, ConsentDoor door, BesideFilm beside, CancellationToken cancellationToken) =>
        ShowAsync(id, ObjectRole.Thumbnails, null, http, door, beside, cancellationToken);

    public static Task Waveform(Guid id, HttpContext http, ConsentDoor door, BesideFilm beside, CancellationToken cancellationToken) => ShowAsync(id, ObjectRole.Waveform, null, http, door, beside, cancellationToken);

    public static Task Captions(Guid id, string language, HttpContext http, ConsentDoor door, BesideFilm beside, CancellationToken cancellationToken) =>
        ShowAsync(id, ObjectRole.Captions, language, http, door, beside, cancellationToken);

    public static async Task<Results<NoContent, ProblemHttpResult>> Pace(Guid id, PaceRequest request, HttpContext http, ConsentDoor door, StreamPaces paces, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { Found.Receipt: null } visit)
            return Problem.NotFound.ToResult();
        if (request.Check() is { } wrong)
            return wrong.ToResult();
        request.TellTo(paces.Of(visit.Request.TenantId, visit.Grant.GrantId, visit.Request.RecordingId));
        return TypedResults.NoContent();
    }

    public static async Task Events(Guid id, HttpContext http, ConsentDoor door, ReleaseEvents events, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is { Found.Receipt: null } visit)
            await events.WriteAsync(http, visit.Request.TenantId, visit.Asker, visit.Request.RecordingId, cancellationToken);
        else
            await Problem.NotFound.WriteAsync(http);
    }

    private static async Task ShowAsync(Guid id, ObjectRole role, string? language, HttpContext http, ConsentDoor door, BesideFilm beside, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is { Found.Receipt: null } visit)
            await beside.WriteAsync(http, visit.Asker, visit.Request.RecordingId, role, language, visit.Name, cancellationToken);
        else
            await Problem.NotFound.WriteAsync(http);
    }
}
