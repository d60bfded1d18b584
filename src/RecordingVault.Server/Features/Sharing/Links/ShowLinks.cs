using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>GET /links: who can watch what, until when, and who did.</summary>
internal static class ShowLinks
{
    public const string Path = "/links";

    /// <summary>The note that all links were stopped; after those to one person it is their number.</summary>
    public const string AllStopped = "all-stopped";

    public static async Task<Results<RazorComponentResult<LinksPage>, RedirectHttpResult>> Handle(
        string? show, string? cursor, HttpContext http, TenantLinks links, RecipientLinks recipients, MemberLinks counts, PageFrames frames, DoneNotes notes, CancellationToken cancellationToken)
    {
        var choice = LinkChoices.Read(show ?? "") ?? LinkChoice.Live;
        if (await links.TellAsync(http.Request, choice, Cursors.DefaultLimit, cursor, cancellationToken) is not { } page)
            return TypedResults.LocalRedirect(Path);
        var done = notes.Take(http);
        return PageAnswers.Page<LinksPage>(new LinksPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Links, cancellationToken),
            Choice = choice,
            Links = [.. page.Items.Select(Line)],
            LiveCount = await counts.CountLiveAsync(cancellationToken),
            EarlierCursor = page.NextCursor,
            IsNewest = string.IsNullOrEmpty(cursor),
            OpenInTrash = choice is LinkChoice.Live ? await recipients.NamesInTrashAsync(cancellationToken) : [],
            AllWereStopped = done is AllStopped,
            StoppedOfOne = int.TryParse(done, NumberStyles.None, CultureInfo.InvariantCulture, out var stopped) ? stopped : null,
        });
    }

    public static LinkLine Line(TenantLink link) => new()
    {
        Id = link.Share.Id,
        RecordingId = link.Share.RecordingId,
        RecordingTitle = link.RecordingTitle,
        RecipientName = link.Share.RecipientName,
        Note = link.Share.Note,
        State = link.InTrash ? LinkLineState.InTrash : link.Share.State switch
        {
            "open" => LinkLineState.Live,
            "locked" => LinkLineState.Locked,
            "stopped" => LinkLineState.Stopped,
            _ => LinkLineState.Ended,
        },
        ExpiresAt = link.Share.ExpiresAt,
        StoppedAt = link.Share.StoppedAt,
        MadeBy = link.MadeBy,
        Token = link.Token,
        MadeAt = link.Share.CreatedAt,
        AllowsDownload = !link.Share.ViewOnly,
        HasPasscode = link.Share.HasPasscode,
        OpenedAt = link.Share.OpenedAt,
        Viewings = link.Share.Watched.Viewings,
        WatchedPercent = ShareTiles.Percent(link.Share.Watched.PlayedShare),
        LastWatchedAt = link.Share.Watched.LastAt,
        FetchedWhole = link.Share.Watched.FetchedWhole,
        Mark = link.Share.VisibleMark is { } mark ? new LinkMark(mark.Slate, mark.Corner, mark.Language, mark.State, mark.Percent, mark.Failure is { } failure ? MakingWords.Of(failure) : null) : null,
    };
}
