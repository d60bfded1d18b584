using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>What another slice knows of the recordings of one library page: what is still arriving, who watched. It answers for all tiles at once.</summary>
internal interface ITileDetails
{
    Task<IReadOnlyDictionary<Guid, Func<LibraryTile, LibraryTile>>> ForAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken);
}

/// <summary>GET /: recordings as tiles, the newest first or as chosen.</summary>
internal static class ShowLibrary
{
    public static async Task<Results<RazorComponentResult<LibraryPage>, RedirectHttpResult, ProblemHttpResult>> Handle(
        string? before, [AsParameters] LibraryChoice choice, HttpContext http, ListRecordings.RecordingList list, LibraryTiles tiles, IEnumerable<IWaitingThings> waiting, CancellationToken cancellationToken)
    {
        if (LibraryFilter.TryRead(choice, out var filter) is { } wrong)
            return wrong.ToResult();
        var (page, problem) = await list.PageAsync(filter, isTrash: false, LibraryTiles.OnPage, before, cancellationToken);
        if (problem is not null)
            (page, _) = await list.PageAsync(filter with { Sort = LibrarySort.Newest }, isTrash: false, LibraryTiles.OnPage, before, cancellationToken);
        if (page is null)
            return TypedResults.LocalRedirect(choice.Address());
        var model = await tiles.PageAsync(http, page.Items, cancellationToken);
        var isFront = string.IsNullOrEmpty(before) && !choice.Filters.Any();
        return PageAnswers.Page<LibraryPage>(model with { Waiting = isFront ? await FindAsync(waiting, http, cancellationToken) : [], Choice = problem is null ? choice : choice with { Sort = null }, EarlierCursor = page.NextCursor, IsNewest = string.IsNullOrEmpty(before), Refused = problem?.Title });
    }

    private static async Task<IReadOnlyList<WaitingThing>> FindAsync(IEnumerable<IWaitingThings> sources, HttpContext http, CancellationToken cancellationToken)
    {
        var things = new List<WaitingThing>();
        foreach (var source in sources)
        {
            if (await source.FindAsync(http.User, cancellationToken) is { } thing)
                things.Add(thing);
        }

        return [.. things.OrderByDescending(thing => thing.IsWrong)];
    }
}

/// <summary>Makes the library's page of recordings that were found or listed, with what other slices know of them.</summary>
internal sealed class LibraryTiles(VaultDbContext db, IEnumerable<ITileDetails> details, PageFrames frames, TimeProvider time)
{
    public const int OnPage = 24;

    public async Task<LibraryPageModel> PageAsync(HttpContext http, IReadOnlyList<RecordingResponse> recordings, CancellationToken cancellationToken)
    {
        var ids = recordings.Select(recording => recording.Id).ToList();
        var tiles = recordings.Select(Tile).ToList();
        foreach (var source in details)
        {
            var known = await source.ForAsync(ids, cancellationToken);
            tiles = [.. tiles.Select(tile => known.TryGetValue(tile.Id, out var add) ? add(tile) : tile)];
        }

        // A picture that would be refused is not asked for: the log should tell of refusals that somebody meant.
        if (http.User.RoleInTenant() is not (Role.Owner or Role.Admin) && tiles.Exists(IsRestricted))
        {
            var reader = http.User.MemberId();
            var own = await db.Recordings.Where(recording => ids.Contains(recording.Id) && recording.CreatedBy == reader).Select(recording => recording.Id).ToListAsync(cancellationToken);
            tiles = [.. tiles.Select(tile => IsRestricted(tile) && !own.Contains(tile.Id) ? tile with { Poster = null } : tile)];
        }

        return new LibraryPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Now = time.Now(),
            Total = await db.Recordings.CountAsync(recording => recording.TrashedAt == null && !recording.IsBeingDestroyed, cancellationToken),
            InTrash = await db.Recordings.CountAsync(recording => recording.TrashedAt != null && !recording.IsBeingDestroyed, cancellationToken),
            Tiles = [.. tiles.OrderByDescending(tile => tile.Receiving is not null)],
        };
    }

    private static bool IsRestricted(LibraryTile tile) => tile.Seal.Label == ConfidentialityLabel.Restricted.Name();

    public static LibraryTile Tile(RecordingResponse recording)
    {
        var original = recording.Assets.FirstOrDefault(asset => asset.Role == "original");
        return new LibraryTile
        {
            Id = recording.Id,
            Title = recording.Title,
            RecordedAt = recording.RecordedAt ?? recording.CreatedAt,
            AddedAt = recording.CreatedAt,
            Duration = recording.DurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            People = [.. recording.Participants.Select(person => person.Name)],
            SizeInBytes = recording.SizeInBytes,
            IsFailed = recording.State == RecordingState.Failed.Name(),
            IsAudio = original?.MediaType.StartsWith("audio/", StringComparison.Ordinal) ?? false,
            Seal = new SealFacts
            {
                Label = recording.Label,
                UsageTag = recording.EffectiveTag,
                SealedSegments = original is null ? null : Segments(original.SizeInBytes),
                // Without the cast null becomes an empty memory, which is not nothing.
                ContentDigest = recording.ContentSha256 is { } digest ? (ReadOnlyMemory<byte>?)Convert.FromHexString(digest) : null,
            },
            DamagedSince = recording.DamagedSince,
            Receiving = recording.State == RecordingState.Receiving.Name() ? new TileReceiving(recording.SizeInBytes, null) : null,
        };
    }

    /// <summary>Every segment but the last is full (docs/sealed-format.md), so the length alone tells how many there are.</summary>
    private static int Segments(long length) => (int)Math.Max(1, (length + SegmentBuffer.Capacity - 1) / SegmentBuffer.Capacity);
}
