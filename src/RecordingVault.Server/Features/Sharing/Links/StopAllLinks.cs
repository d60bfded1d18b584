using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>
/// The red button, of the tenant or of one recording: a page that says what it will stop, and the form that does it. It narrows, so it asks for no fresh sign-in: who must stop everything
/// at once must not look for his password first.
/// </summary>
internal static class StopAllLinks
{
    public const string Path = "/links/stop";

    public static async Task<IResult> Show(
        Guid? recording, HttpContext http, VaultDbContext db, TenantKeys keys, TenantLinks links, StopShares.ShareStopping stopping, PageFrames frames, CancellationToken cancellationToken)
    {
        StoppedRecording? only = null;
        if (recording is { } id)
        {
            if (await TitleAsync(id, db, keys, cancellationToken) is not { } title)
                return new NoSuchPage();
            only = new StoppedRecording(id, title);
        }

        return PageAnswers.Page<StopAllLinksPage>(new StopAllLinksPageModel(
            await frames.ForMemberAsync(http, only is null ? NavEntry.Links : NavEntry.Library, cancellationToken),
            await stopping.CountLiveAsync(recording, cancellationToken),
            await links.CountWatchingAsync(recording, cancellationToken),
            only));
    }

    public static async Task<IResult> Stop(HttpContext http, VaultDbContext db, StopShares.ShareStopping stopping, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        Guid? only = null;
        if (form.All("recording") is { Count: > 0 } wanted)
        {
            // What names no recording of the tenant, or two, must not stop the links of all.
            if (wanted is not [var text] || !Guid.TryParse(text, out var id) || !await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
                return new NoSuchPage();
            only = id;
        }

        await stopping.StopLiveAsync(only, http.User.MemberId(), http.Actor(), cancellationToken);
        return TypedResults.LocalRedirect(only is { } of ? $"/recordings/{of}#links" : ShowLinks.Path + "?stopped=true");
    }

    private static async Task<string?> TitleAsync(Guid id, VaultDbContext db, TenantKeys keys, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken) is not { } row)
            return null;
        using var key = await keys.RecordingKeyAsync(id, cancellationToken);
        return row.Title.Open(key, row.TenantId, id, Recording.TitleColumn);
    }
}
