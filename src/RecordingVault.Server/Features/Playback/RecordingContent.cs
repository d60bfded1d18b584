using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>A recording's content for members and their scripts.</summary>
internal static class RecordingContent
{
    public static async Task View(Guid id, Guid? asset, HttpContext http, ReleaseGate gate, ContentAnswer answer, CancellationToken cancellationToken)
    {
        var decision = await gate.OpenAsync(MemberAsker.Of(http), id, AssetWish.Playable(asset), ReleasePurpose.View, recipient: null, cancellationToken);
        await answer.WriteAsync(http, decision, fileName: null);
    }

    public static async Task Download(Guid id, HttpContext http, ReleaseGate gate, ContentAnswer answer, FileNames names, DownloadWaiting waiting, CancellationToken cancellationToken)
    {
        var asker = MemberAsker.Of(http);
        var decision = await gate.OpenAsync(asker, id, AssetWish.Original, ReleasePurpose.Download, recipient: null, cancellationToken);
        // A person who pressed a link is led to the page that says what stands in the way; a script reads the problem.
        if (decision is ReleaseDecision.Refused { Reasons: [{ Slug: "export-prohibited" or "restricted-stays" }, ..] } && http.User.SessionId() is not null && http.Request.Headers["Sec-Fetch-Dest"] == "document")
            http.Response.Redirect($"/recordings/{id}/use");
        else if (!await waiting.TryShowAsync(http, decision, asker, id, $"/recordings/{id}"))
            await answer.WriteAsync(http, decision, await names.OfAsync(decision, cancellationToken));
    }

    /// <param name="list">The pictures that the same page shows, which are one release (<see cref="ListPictures"/>).</param>
    public static async Task Poster(Guid id, string? list, HttpContext http, BesideFilm beside, ListRelease together, CancellationToken cancellationToken)
    {
        var purpose = await together.OpenAsync(MemberAsker.Of(http), id, ListPictures.Read(list), cancellationToken);
        await beside.WritePosterAsync(http, MemberAsker.Of(http), id, purpose, cancellationToken);
    }

    public static Task Thumbnails(Guid id, HttpContext http, BesideFilm beside, CancellationToken cancellationToken) => ShowAsync(id, ObjectRole.Thumbnails, null, http, beside, cancellationToken);

    public static Task Waveform(Guid id, HttpContext http, BesideFilm beside, CancellationToken cancellationToken) => ShowAsync(id, ObjectRole.Waveform, null, http, beside, cancellationToken);

    public static Task Captions(Guid id, string language, HttpContext http, BesideFilm beside, CancellationToken cancellationToken) =>
        ShowAsync(id, ObjectRole.Captions, language, http, beside, cancellationToken);

    private static Task ShowAsync(Guid id, ObjectRole role, string? language, HttpContext http, BesideFilm beside, CancellationToken cancellationToken) =>
        beside.WriteAsync(http, MemberAsker.Of(http), id, role, language, recipient: null, cancellationToken);

    /// <summary>What his page says of its playing, so that he is sent what he needs and little more.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> Pace(Guid id, PaceRequest request, HttpContext http, VaultDbContext db, StreamPaces paces, CancellationToken cancellationToken)
    {
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id, cancellationToken))
            return Problem.NotFound.ToResult();
        if (request.Check() is { } wrong)
            return wrong.ToResult();
        request.TellTo(paces.Of(db.TenantId, MemberAsker.Of(http).GrantId, id));
        return TypedResults.NoContent();
    }

    public static Task Events(Guid id, HttpContext http, VaultDbContext db, ReleaseEvents events, CancellationToken cancellationToken) =>
        events.WriteAsync(http, db.TenantId, MemberAsker.Of(http), id, cancellationToken);
}

/// <summary>What a downloaded file is called: as its uploader called it, or by the recording's title.</summary>
internal sealed class FileNames(VaultDbContext db, TenantKeys keys)
{
    /// <summary>Empty where nothing was released: then nobody needs a name.</summary>
    public async Task<string> OfAsync(ReleaseDecision decision, CancellationToken cancellationToken)
    {
        if (decision is not ReleaseDecision.Allowed { Release: var release })
            return "";
        var (recordingId, assetId) = (release.RecordingId, release.Asset.Id);
        var asset = await db.RecordingAssets.AsNoTracking().SingleOrDefaultAsync(asset => asset.Id == assetId, cancellationToken);
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        if (asset?.FileName is { } name)
            return name.Open(key, asset.TenantId, asset.Id, RecordingAsset.FileNameColumn);
        var recording = await db.Recordings.AsNoTracking().SingleAsync(recording => recording.Id == recordingId, cancellationToken);
        return recording.Title.Open(key, recording.TenantId, recording.Id, Recording.TitleColumn);
    }
}
