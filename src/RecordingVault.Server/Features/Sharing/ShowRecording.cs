using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>GET /recordings/{id}: the film, who may see it and who did. The page itself is no release: content leaves when play is pressed.</summary>
internal static class ShowRecording
{
    private const int LinksOnPage = 100;

    public static async Task<IResult> Handle(Guid id, HttpContext http, RecordingReading reading, RecordingPages pages, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } recording
            ? PageAnswers.Page<RecordingPage>(await pages.ModelAsync(recording, http, cancellationToken))
            : new NoSuchPage();

    /// <summary>Gathers from the slices below what the page shows.</summary>
    internal sealed class RecordingPages(VaultDbContext db, TenantKeys keys, ListShares.ShareList shares, RecordingTiles tiles, PageFrames frames)
    {
        public async Task<RecordingPageModel> ModelAsync(RecordingResponse recording, HttpContext http, CancellationToken cancellationToken)
        {
            var mayShare = http.User.RoleInTenant() is Role.Owner or Role.Admin or Role.Contributor;
            var links = await shares.PageAsync(http.Request, recording.Id, LinksOnPage, cursor: null, cancellationToken);
            var tile = await tiles.OfAsync(recording, cancellationToken);
            var file = await FileAsync(recording, cancellationToken);
            var isReady = recording.State == RecordingState.Ready.Name();
            var model = new RecordingPageModel
            {
                Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
                Id = recording.Id,
                Title = recording.Title,
                RecordedAt = tile.RecordedAt,
                People = tile.People,
                Duplicate = tile.Duplicate,
                DamagedSince = tile.DamagedSince,
                GoneAt = recording.TrashedAt is { } trashed ? trashed + RecordingTrash.KeptFor : null,
                Player = isReady && recording.TrashedAt is null && tile.Seal.SealedSegments is not null
                    ? new PlayerModel
                    {
                        Source = $"/api/v1/recordings/{recording.Id}/content",
                        Title = recording.Title,
                        MediaType = file.MediaType,
                        Duration = tile.Duration,
                        ContentDigest = tile.Seal.ContentDigest,
                    }
                    : null,
                Arrival = recording.TrashedAt is null && tile.Receiving is { } receiving ? new RecordingArrival(receiving.Confirmed, receiving.Expected) : null,
                Seal = tile.Seal,
                File = mayShare ? file : file with { DownloadHref = null },
                Links = [.. (links?.Items ?? []).Select(Link)],
                Share = mayShare ? new ShareFormModel { RecordingId = recording.Id, SuggestedPasscode = PasscodeSuggestion.New() } : null,
                CanRename = mayShare,
            };
            return model;
        }

        private async Task<RecordingFile> FileAsync(RecordingResponse recording, CancellationToken cancellationToken)
        {
            var asset = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recording.Id && asset.Role == ObjectRole.OriginalSegment)
                .OrderBy(asset => asset.Id).FirstOrDefaultAsync(cancellationToken);
            string? name = null;
            if (asset?.FileName is { } sealedName)
            {
                using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
                name = sealedName.Open(key, asset.TenantId, asset.Id, RecordingAsset.FileNameColumn);
            }

            return new RecordingFile
            {
                Name = name ?? recording.Title,
                SizeInBytes = asset?.SizeInBytes ?? recording.SizeInBytes,
                MediaType = asset?.MediaType ?? "application/octet-stream",
                SafeSince = recording.UploadedAt,
                DownloadHref = asset is null ? null : $"/api/v1/recordings/{recording.Id}/download",
            };
        }

        private static RecordingLink Link(ShareResponse share) => new()
        {
            Id = share.Id,
            RecipientName = share.RecipientName,
            State = share.State switch { "stopped" => LinkState.Stopped, "ended" => LinkState.Ended, _ => LinkState.Live },
            ExpiresAt = share.ExpiresAt,
            StoppedAt = share.StoppedAt,
            AllowsDownload = !share.ViewOnly,
            HasPasscode = share.HasPasscode,
            Viewings = share.Watched.Viewings,
            WatchedPercent = ShareTiles.Percent(share.Watched.PlayedShare),
            LastWatchedAt = share.Watched.LastAt,
            FetchedWhole = share.Watched.FetchedWhole,
        };
    }
}
