using System.Globalization;
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
/// The red button, of the tenant, of one recording or to one recipient: a page that says what it will stop, and the form that does it. It narrows, so it asks for no fresh sign-in: who must stop everything
/// at once must not look for his password first.
/// </summary>
internal static class StopAllLinks
{
    public const string Path = "/links/stop";

    public static async Task<IResult> Show(
        Guid? recording, Guid? recipientOf, HttpContext http, VaultDbContext db, TenantKeys keys, TenantLinks links, RecipientLinks recipients, StopShares.ShareStopping stopping, PageFrames frames,
        CancellationToken cancellationToken)
    {
        if (recipientOf is { } link)
        {
            // The address names a link that is his: a person's name has no place in addresses, which histories and proxies keep.
            if (recording is not null || await recipients.NameOfAsync(link, cancellationToken) is not { } name)
                return new NoSuchPage();
            var his = await recipients.FindOpenAsync(name, cancellationToken);
            var watching = await links.CountWatchingAsync(recordingId: null, his, cancellationToken);
            return PageAnswers.Page<StopAllLinksPage>(new StopAllLinksPageModel(await frames.ForMemberAsync(http, NavEntry.Links, cancellationToken), his.Count, watching) { Recipient = name });
        }

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
            await links.CountWatchingAsync(recording, only: null, cancellationToken),
            only));
    }

    public static async Task<IResult> Stop(HttpContext http, VaultDbContext db, StopShares.ShareStopping stopping, RecipientLinks recipients, DoneNotes notes, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (form.All("recipient") is { Count: > 0 } whom)
        {
            // A field that is there and empty, or twice, must not stop the links of all.
            if (whom is not [var name] || string.IsNullOrWhiteSpace(name) || form.All("recording").Count > 0)
                return new NoSuchPage();
            var stopped = await recipients.StopAsync(name, http.User.MemberId(), http.Actor(), cancellationToken);
            return notes.LeadTo(http, ShowLinks.Path, stopped.ToString(CultureInfo.InvariantCulture));
        }

        Guid? only = null;
        if (form.All("recording") is { Count: > 0 } wanted)
        {
            // What names no recording of the tenant, or two, must not stop the links of all.
            if (wanted is not [var text] || !Guid.TryParse(text, out var id) || !await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
                return new NoSuchPage();
            only = id;
        }

        await stopping.StopLiveAsync(only, http.User.MemberId(), http.Actor(), cancellationToken);
        return only is { } of ? TypedResults.LocalRedirect($"/recordings/{of}#links") : notes.LeadTo(http, ShowLinks.Path, ShowLinks.AllStopped);
    }

    private static async Task<string?> TitleAsync(Guid id, VaultDbContext db, TenantKeys keys, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken) is not { } row)
            return null;
        using var key = await keys.RecordingKeyAsync(id, cancellationToken);
        return row.Title.Open(key, row.TenantId, id, Recording.TitleColumn);
    }
}
