using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>What another slice knows of the recordings of one library page: what is still arriving, who watched. It answers for all tiles at once.</summary>
internal interface ITileDetails
{
    Task<IReadOnlyDictionary<Guid, Func<LibraryTile, LibraryTile>>> ForAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken);
}

/// <summary>GET /: the newest recordings as tiles.</summary>
internal static class ShowLibrary
{
    private const int TilesOnPage = 24;

    public static async Task<Results<RazorComponentResult<LibraryPage>, RedirectHttpResult>> Handle(
        string? before, HttpContext http, VaultDbContext db, ListRecordings.RecordingList list, IEnumerable<ITileDetails> details, PageFrames frames, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await list.PageAsync(TilesOnPage, before, inTrash: false, cancellationToken) is not { } page)
            return TypedResults.LocalRedirect("/");
        var ids = page.Items.Select(recording => recording.Id).ToList();
        var tiles = page.Items.Select(Tile).ToList();
        foreach (var source in details)
        {
            var known = await source.ForAsync(ids, cancellationToken);
            tiles = [.. tiles.Select(tile => known.TryGetValue(tile.Id, out var add) ? add(tile) : tile)];
        }

        var isNewest = string.IsNullOrEmpty(before);
        return PageAnswers.Page<LibraryPage>(new LibraryPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Now = time.Now(),
            Total = await db.Recordings.CountAsync(recording => recording.TrashedAt == null, cancellationToken),
            InTrash = await db.Recordings.CountAsync(recording => recording.TrashedAt != null && !recording.IsBeingDestroyed, cancellationToken),
            Tiles = [.. tiles.OrderByDescending(tile => tile.Receiving is not null)],
            EarlierCursor = page.NextCursor,
            IsNewest = isNewest,
        });
    }

    public static LibraryTile Tile(RecordingResponse recording)
    {
        var original = recording.Assets.FirstOrDefault(asset => asset.Role == "original");
        return new LibraryTile
        {
            Id = recording.Id,
            Title = recording.Title,
            RecordedAt = recording.RecordedAt ?? recording.CreatedAt,
            Duration = recording.DurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            People = [.. recording.Participants.Select(person => person.Name)],
            IsAudio = original?.MediaType.StartsWith("audio/", StringComparison.Ordinal) ?? false,
            Seal = new SealFacts
            {
                Label = recording.Label,
                UsageTag = recording.UsageTag,
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
