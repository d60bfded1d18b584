using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A recording's content for somebody who opened a link.</summary>
internal static class ShareContent
{
    public static async Task View(Guid id, Guid? asset, HttpContext http, ShareDoor door, ReleaseGate gate, ContentAnswer answer, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { } visit)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var decision = await gate.OpenAsync(visit.Asker, visit.Share.RecordingId, AssetWish.Playable(asset), ReleasePurpose.View, visit.RecipientName, cancellationToken);
        await answer.WriteAsync(http, decision, fileName: null);
    }

    public static async Task Download(Guid id, HttpContext http, ShareDoor door, ReleaseGate gate, ContentAnswer answer, FileNames names, DownloadWaiting waiting, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken, isUse: !DownloadWaiting.AsksByItself(http)) is not { } visit)
        {
            if (!await waiting.TryShowClosedAsync(http))
                await Problem.NotFound.WriteAsync(http);
            return;
        }

        var decision = await gate.OpenAsync(visit.Asker, visit.Share.RecordingId, AssetWish.Original, ReleasePurpose.Download, visit.RecipientName, cancellationToken);
        if (!await waiting.TryShowAsync(http, decision, visit.Asker, visit.Share.RecordingId, $"/s/{id}"))
            await answer.WriteAsync(http, decision, await names.OfAsync(decision, cancellationToken));
    }

    public static Task Poster(Guid id, HttpContext http, ShareDoor door, BesideFilm beside, CancellationToken cancellationToken) => ShowAsync(id, ObjectRole.Poster, null, http, door, beside, cancellationToken);

    public static Task Thumbnails(Guid id, HttpContext http, ShareDoor door, BesideFilm beside, CancellationToken cancellationToken) =>
        ShowAsync(id, ObjectRole.Thumbnails, null, http, door, beside, cancellationToken);

    public static Task Waveform(Guid id, HttpContext http, ShareDoor door, BesideFilm beside, CancellationToken cancellationToken) => ShowAsync(id, ObjectRole.Waveform, null, http, door, beside, cancellationToken);

    public static Task Captions(Guid id, string language, HttpContext http, ShareDoor door, BesideFilm beside, CancellationToken cancellationToken) =>
        ShowAsync(id, ObjectRole.Captions, language, http, door, beside, cancellationToken);

    private static async Task ShowAsync(Guid id, ObjectRole role, string? language, HttpContext http, ShareDoor door, BesideFilm beside, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is { } visit)
            await beside.WriteAsync(http, visit.Asker, visit.Share.RecordingId, role, language, visit.RecipientName, cancellationToken);
        else
            await Problem.NotFound.WriteAsync(http);
    }

    /// <summary>What the page says of its playing, so that it is sent what it needs and little more.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> Pace(Guid id, PaceRequest request, HttpContext http, ShareDoor door, StreamPaces paces, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { } visit)
            return Problem.NotFound.ToResult();
        if (request.Check() is { } wrong)
            return wrong.ToResult();
        request.TellTo(paces.Of(visit.Share.TenantId, visit.Grant.GrantId, visit.Share.RecordingId));
        return TypedResults.NoContent();
    }

    /// <summary>No use of the link: the browser connects again by itself, whether anybody looks or not.</summary>
    public static async Task Events(Guid id, HttpContext http, ShareDoor door, ReleaseEvents events, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken, isUse: false) is { } visit)
            await events.WriteAsync(http, visit.Share.TenantId, visit.Asker, visit.Share.RecordingId, cancellationToken);
        else
            await Problem.NotFound.WriteAsync(http);
    }
}
