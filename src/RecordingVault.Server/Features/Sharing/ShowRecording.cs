using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>GET /recordings/{id}: the film, who may see it and who did. The page itself is no release: its picture is one, and so is the film once play is pressed.</summary>
internal static class ShowRecording
{
    public static async Task<IResult> Handle(
        Guid id, string? cursor, HttpContext http, VaultDbContext db, RecordingReading reading, RecordingPages pages, BesideFilm beside, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(id, await SearchReader.OfAsync(http, db, time, cancellationToken), cancellationToken) is not { } recording)
            return await MovedBackAsync(id, db, cancellationToken);
        return await pages.ModelAsync(recording, cursor, http, cancellationToken) is { } model
            ? PageAnswers.Page<RecordingPage>(await WithBesideAsync(model, recording, beside, cancellationToken))
            : TypedResults.LocalRedirect($"/recordings/{id}");
    }

    /// <summary>A split that was given up took its recording back: the one that its files stayed in says why.</summary>
    private static async Task<IResult> MovedBackAsync(Guid id, VaultDbContext db, CancellationToken cancellationToken) =>
        await db.RecordingMoves.AsNoTracking().Where(move => move.ToId == id && move.Kind == MoveKind.Split && (move.State == MoveState.GivingUp || move.State == MoveState.GivenUp)
            && !db.Recordings.Any(recording => recording.Id == id))
            .Select(move => (Guid?)move.FromId).FirstOrDefaultAsync(cancellationToken) is { } from ? TypedResults.LocalRedirect($"/recordings/{from}") : new NoSuchPage();

    private static async Task<RecordingPageModel> WithBesideAsync(RecordingPageModel model, RecordingResponse recording, BesideFilm beside, CancellationToken cancellationToken) =>
        model.Player is { } player ? model with { Player = await beside.AddAsync(player, recording, $"/api/v1/recordings/{recording.Id}", cancellationToken) } : model;

    /// <summary>Gathers from the slices below what the page shows.</summary>
    internal sealed class RecordingPages(VaultDbContext db, TenantKeys keys, ListShares.ShareList shares, StopShares.ShareStopping stopping, RecordingTiles tiles, RecordingAround around, ConsentReading consents, ConsentQuestion question, IStoredLayouts layouts, IRecordingKeeping holds, KeepingReading keeping, PageFrames frames, TimeProvider time)
    {
        /// <summary>Null when the cursor is not one of the recording's links.</summary>
        public async Task<RecordingPageModel?> ModelAsync(RecordingResponse recording, string? cursor, HttpContext http, CancellationToken cancellationToken)
        {
            if (await shares.PageAsync(http.Request, recording.Id, Cursors.DefaultLimit, cursor, cancellationToken) is not { } links)
                return null;
            var mayShare = http.User.RoleInTenant() is Role.Owner or Role.Admin or Role.Contributor;
            var tile = await tiles.OfAsync(recording, cancellationToken);
            var file = await FileAsync(recording, cancellationToken);
            var played = recording.Assets.FirstOrDefault(asset => asset.Id == recording.Plays);
            var shown = links.Items.Select(share => share.Id).ToList();
            var parts = (await db.Viewings.AsNoTracking().Where(viewing => shown.Contains(viewing.ShareId) && viewing.StartedAt != null)
                .Select(viewing => new { viewing.ShareId, viewing.PlayedParts }).ToListAsync(cancellationToken)).ToLookup(viewing => viewing.ShareId, viewing => viewing.PlayedParts);
            var isReady = recording.State != RecordingState.Receiving.Name();
            var model = new RecordingPageModel
            {
                Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
                Id = recording.Id,
                Title = recording.Title,
                RecordedAt = tile.RecordedAt,
                People = tile.People,
                Said = [.. (await consents.PeopleAsync(recording.Id, cancellationToken)).Select(person => new PersonSaid(person.Name, person.Consents[Purpose.ShareExternal.Name()]))],
                Duplicate = tile.Duplicate,
                DamagedSince = tile.DamagedSince,
                GoneAt = recording.GoesAt,
                Hold = (await holds.HoldsAsync([recording.Id], cancellationToken)).GetValueOrDefault(recording.Id),
                Player = isReady && recording.TrashedAt is null && played is not null
                    ? new PlayerModel
                    {
                        Source = $"/api/v1/recordings/{recording.Id}/content?asset={played.Id}",
                        Title = recording.Title,
                        MediaType = played.MediaType,
                        Duration = tile.Duration,
                        ContentDigest = tile.Seal.ContentDigest,
                        Position = await around.PositionAsync(http, recording.Id, tile.Duration, cancellationToken),
                        PositionHref = $"/api/v1/recordings/{recording.Id}/position",
                        PaceHref = mayShare ? null : $"/api/v1/recordings/{recording.Id}/pace",
                    }
                    : null,
                Arrival = recording.TrashedAt is null && tile.Receiving is { } receiving ? new RecordingArrival(receiving.Confirmed, receiving.Expected) : null,
                IsShownOutside = await IsShownOutsideAsync(recording.Id, cancellationToken),
                Seal = tile.Seal,
                File = mayShare && recording.Label != ConfidentialityLabel.Restricted.Name() ? file : file with { DownloadHref = null },
                Links = [.. links.Items.Select(share => Link(share) with { Parts = PlayedParts.Sum(parts[share.Id]) })],
                LiveLinks = mayShare ? await stopping.CountLiveAsync(recording.Id, cancellationToken) : 0,
                EarlierLinks = links.NextCursor,
                AreNewestLinks = string.IsNullOrEmpty(cursor),
                Share = mayShare ? new ShareFormModel { RecordingId = recording.Id, SuggestedPasscode = PasscodeSuggestion.New(), CanMark = VisibleMarks.Suits(recording) } : null,
                CanRename = mayShare,
                Keeping = (await keeping.OfAsync(recording.Id, cancellationToken))?.Sentence,
                Activity = await around.ActivityAsync(http, recording.Id, cancellationToken),
                Making = isReady && recording.TrashedAt is null ? await MakingAsync(recording, cancellationToken) : null,
                Moving = MovingWords.Of(recording, time.Now()),
                MergedInto = recording.MergedInto,
            };
            return model;
        }

        /// <summary>Whether what people said lets a link show it.</summary>
        private async Task<bool> IsShownOutsideAsync(Guid id, CancellationToken cancellationToken) =>
            await db.Recordings.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row
            || (await question.AskAsync([row], Purpose.ShareExternal, cancellationToken))[id].Allows();

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
                VerifiedAt = await around.VerifiedAsync(recording.Id, cancellationToken),
                Beside = [.. recording.Assets.Where(other => other.Id != asset?.Id && other.DerivedFrom is null).Select(other => MediaWords.Beside(other.Role)).Distinct(StringComparer.Ordinal)],
                DownloadHref = asset is null ? null : $"/api/v1/recordings/{recording.Id}/download",
            };
        }

        private async Task<RecordingMaking?> MakingAsync(RecordingResponse recording, CancellationToken cancellationToken)
        {
            if (recording.Processing is { State: "running" } running)
                return new RecordingMaking(running.Percent, null) { MinutesLeft = running.MinutesLeft };
            if (recording.Processing is { State: "failed", Failure: { } failure })
                return new RecordingMaking(0, MakingWords.Of(failure)) { IsGivenUp = failure == "given-up" };
            // What nobody has begun waits in its queue; where nothing is made of recordings, nothing is waited for.
            return recording.Processing is null or { State: "waiting" } && recording.Assets.FirstOrDefault(asset => asset.Role == ObjectRole.OriginalSegment.ApiName()) is { } main
                && await layouts.AwaitsCopyAsync(main.Id, cancellationToken)
                ? new RecordingMaking(recording.Processing?.Percent ?? 0, null) { IsWaiting = true } : null;
        }

        private static RecordingLink Link(ShareResponse share) => new()
        {
            Id = share.Id,
            RecipientName = share.RecipientName,
            State = share.State switch { "stopped" => LinkState.Stopped, "ended" => LinkState.Ended, _ => LinkState.Live },
            IsLocked = share.State == "locked",
            ExpiresAt = share.ExpiresAt,
            StoppedAt = share.StoppedAt,
            AllowsDownload = !share.ViewOnly,
            HasPasscode = share.HasPasscode,
            OpenedAt = share.OpenedAt,
            Viewings = share.Watched.Viewings,
            WatchedPercent = ShareTiles.Percent(share.Watched.PlayedShare),
            LastWatchedAt = share.Watched.LastAt,
            FetchedWhole = share.Watched.FetchedWhole,
        };
    }
}
