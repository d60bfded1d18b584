using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// GET /s/{id}. Without the link's cookie it is the gate, the same for every id, also for one that was never given: it asks the database nothing.
/// With it, the film or, when the link is over, its end.
/// </summary>
internal static class ShowShare
{
    public static async Task<IResult> Handle(Guid id, HttpContext http, ShareDoor door, SharePages pages, PageFrames frames, CancellationToken cancellationToken)
    {
        var frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) };
        return await door.VisitAsync(http, id, cancellationToken) is { } visit
            ? await pages.ShowAsync(visit, frame, cancellationToken)
            : PageAnswers.Page<GatePage>(new GatePageModel(frame, id));
    }

    internal sealed class SharePages(RecordingReading recordings, ShareGrants grants, RecordingTiles tiles, BesideFilm beside, VisibleMarks marks, ShareOwners owners, PageFrames frames, TimeProvider time)
    {
        public async Task<IResult> ShowAsync(ShareVisit visit, PageFrame visitors, CancellationToken cancellationToken)
        {
            var share = visit.Share;
            var frame = visitors with { TenantName = await frames.TenantNameAsync(cancellationToken) };
            var owner = await owners.FindAsync(share, cancellationToken);
            var now = time.Now();
            if (share.Ended(now) is not null)
                return PageAnswers.Page<EndedPage>(
                    new EndedPageModel(frame, share.StoppedAt is null ? LinkEnd.Expired : LinkEnd.Stopped, share.StoppedAt ?? share.ExpiresAt, owner?.Name, owner?.Email), StatusCodes.Status410Gone);
            return await recordings.FindAsync(share.RecordingId, cancellationToken) is { TrashedAt: var trashedAt } recording
                ? trashedAt is { } at
                    ? PageAnswers.Page<EndedPage>(new EndedPageModel(frame, LinkEnd.Stopped, at, owner?.Name, owner?.Email), StatusCodes.Status410Gone)
                    : PageAnswers.Page<ViewerPage>(await FilmAsync(visit, recording, frame, owner, cancellationToken))
                : new NoSuchPage();
        }

        private async Task<ViewerPageModel> FilmAsync(ShareVisit visit, RecordingResponse recording, PageFrame frame, ShareOwner? owner, CancellationToken cancellationToken)
        {
            var share = visit.Share;
            var tile = await tiles.OfAsync(recording, cancellationToken);
            var played = recording.Assets.FirstOrDefault(asset => asset.Id == recording.Plays);
            var mark = (await marks.TellAsync([share.Id], cancellationToken)).GetValueOrDefault(share.Id);
            return new ViewerPageModel
            {
                Frame = frame,
                ShareId = share.Id,
                Title = recording.Title,
                SharedBy = owner?.Name,
                ContactEmail = owner?.Email,
                RecipientName = visit.RecipientName,
                RecordedAt = tile.RecordedAt,
                EndsAt = share.ExpiresAt,
                Left = TimeSpan.FromSeconds(StayResponse.Of(visit, grants.Lifetime, time.Now()).SecondsLeft),
                Notice = grants.Notice,
                Seal = tile.Seal,
                DownloadHref = share.AllowDownload ? $"/s/{share.Id}/download" : null,
                Arriving = tile.Receiving,
                Copy = recording.State == RecordingState.Receiving.Name() || mark is null or { File: not null } ? null : new CopyArriving(mark.State, mark.Percent),
                Player = recording.State == RecordingState.Receiving.Name() || played is null || mark is { File: null } ? null : Shown(mark, await beside.AddAsync(new PlayerModel
                {
                    Source = $"/s/{share.Id}/content?asset={mark?.File ?? played.Id}",
                    Title = recording.Title,
                    MediaType = ServedMedia.Of(mark is null ? played.MediaType : CopyDrawing.MediaType).Inline,
                    Duration = tile.Duration,
                    ContentDigest = tile.Seal.ContentDigest,
                    PaceHref = share.AllowDownload ? null : $"/s/{share.Id}/pace",
                    Mark = visit.RecipientName is { } name ? $"{name}, {time.Now().ToString("d MMM yyyy", frame.Culture)}" : null,
                }, recording, $"/s/{share.Id}", cancellationToken)),
            };
        }

        /// <summary>Pictures of the film hold its frames without the mark: beside a copy none is shown.</summary>
        private static PlayerModel Shown(VisibleMarkResponse? mark, PlayerModel player) => mark is null ? player : player with { Poster = null, Thumbnails = null, IsBeingMade = false };
    }
}

/// <summary>Whoever made a link: the person to ask, for those who proved it.</summary>
internal sealed record ShareOwner(string Name, string? Email);

internal sealed class ShareOwners(VaultDbContext db, MemberDirectory members)
{
    /// <summary>Null when the account is gone.</summary>
    public async Task<ShareOwner?> FindAsync(Share share, CancellationToken cancellationToken)
    {
        var maker = share.CreatedBy;
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(member => member.Id == maker, cancellationToken) is { } member
            ? new ShareOwner(members.NameOf(member), member.Email)
            : null;
    }
}

/// <summary>One recording with what all slices know of it.</summary>
internal sealed class RecordingTiles(IEnumerable<ITileDetails> details)
{
    public async Task<LibraryTile> OfAsync(RecordingResponse recording, CancellationToken cancellationToken)
    {
        var tile = LibraryTiles.Tile(recording);
        foreach (var source in details)
        {
            if ((await source.ForAsync([recording.Id], cancellationToken)).TryGetValue(recording.Id, out var add))
                tile = add(tile);
        }

        return tile;
    }
}
