using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>
/// Recordings by the alphabet of their titles, which only this node's memory can put in order. All that the filter leaves are looked at for each page, so there is
/// a limit, and past it the answer says so.
/// </summary>
internal sealed class TitleOrder(VaultDbContext db, FoldedNames names, SearchLimits limits, RecordingReading reading, Cursors cursors)
{
    private const string List = "recordings.Title";

    /// <summary>The page, null where the cursor is not one of this list, or why there is none.</summary>
    public async Task<(PageResponse<RecordingResponse>? Page, Problem? Problem)> PageAsync(IQueryable<Recording> rows, int limit, string? cursor, CancellationToken cancellationToken)
    {
        (long Value, Guid Id)? place = null;
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryReadValue(List, db.TenantId, cursor, out var after))
                return (null, null);
            place = after;
        }

        var heads = await rows.OrderBy(recording => recording.Id).Take(limits.SortedAtOnce + 1).Select(recording => new WordsHead(recording.Id, recording.CreatedAt, recording.Version, false)).ToListAsync(cancellationToken);
        if (heads.Count > limits.SortedAtOnce)
            return (null, TooMany(limits.SortedAtOnce));
        var (known, _) = await names.OfAsync(heads, cancellationToken);
        var order = known.ToArray();
        Array.Sort(order, ByTitle);
        var from = place is { } behind ? PlaceBehind(order, behind) : 0;
        var ids = order.Skip(from).Take(limit).Select(one => one.Key).ToList();
        var found = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id) && !recording.IsBeingDestroyed).ToListAsync(cancellationToken);
        var items = await reading.OpenAsync([.. found.OrderBy(recording => ids.IndexOf(recording.Id))], cancellationToken);
        var next = from + ids.Count < order.Length ? cursors.WriteValue(List, db.TenantId, (from + ids.Count, ids[^1])) : null;
        return (new PageResponse<RecordingResponse>(items, next), null);
    }

    public static Problem TooMany(int limit) => new(
        "too-many-to-sort", 409, $"More than {limit:N0} recordings pass these filters: too many to put in the order of their titles. Choose fewer, by their days for example, or another order.");

    /// <summary>Behind the recording that ended the page before; where it has left the list, at the place that it had.</summary>
    private static int PlaceBehind(KeyValuePair<Guid, string>[] order, (long Value, Guid Id) place)
    {
        var last = Array.FindIndex(order, one => one.Key == place.Id);
        return last >= 0 ? last + 1 : (int)Math.Clamp(place.Value - 1, 0, order.Length);
    }

    private static int ByTitle(KeyValuePair<Guid, string> one, KeyValuePair<Guid, string> two)
    {
        var title = FoldedNames.Title(one.Value).SequenceCompareTo(FoldedNames.Title(two.Value));
        return title != 0 ? title : two.Key.CompareTo(one.Key);
    }
}
