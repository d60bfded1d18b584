using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings;

internal static class ListRecordings
{
    public static async Task<Results<Ok<PageResponse<RecordingResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, bool? trash, [AsParameters] LibraryChoice choice, RecordingList list, CancellationToken cancellationToken)
    {
        if ((LibraryFilter.TryRead(choice, out var filter) ?? Cursors.CheckLimit(limit)) is { } wrong)
            return wrong.ToResult();
        var (page, problem) = await list.PageAsync(filter, trash is true, limit ?? Cursors.DefaultLimit, cursor, cancellationToken);
        return page is not null
            ? TypedResults.Ok(page)
            : (problem ?? Cursors.Wrong()).ToResult();
    }

    /// <summary>Paged by key: a page of the newest costs the same however many recordings there are (P12).</summary>
    internal sealed class RecordingList(VaultDbContext db, LibraryRows library, TitleOrder titles, RecordingReading reading, Cursors cursors)
    {
        /// <summary>The page, null where the cursor is not one of this list in this order, or why there is none.</summary>
        public async Task<(PageResponse<RecordingResponse>? Page, Problem? Problem)> PageAsync(LibraryFilter filter, bool isTrash, int limit, string? cursor, CancellationToken cancellationToken)
        {
            var query = isTrash ? library.Trashed(filter) : library.Kept(filter);
            if (filter.Sort == LibrarySort.Title)
                return await titles.PageAsync(query, limit, cursor, cancellationToken);
            return (await ReadAsync(query, filter.Sort, $"{(isTrash ? "trash" : "recordings")}.{filter.Sort}", limit, cursor, cancellationToken), null);
        }

        private async Task<PageResponse<RecordingResponse>?> ReadAsync(
            IQueryable<Recording> query, LibrarySort sort, string name, int limit, string? cursor, CancellationToken cancellationToken)
        {
            if (cursor is { Length: > 0 })
            {
                if (!cursors.TryReadValue(name, db.TenantId, cursor, out var after))
                    return null;
                query = LibraryRows.Behind(query, sort, after);
            }

            var rows = await LibraryRows.InOrder(query, sort).Take(limit + 1).ToListAsync(cancellationToken);
            var items = await reading.OpenAsync([.. rows.Take(limit)], cancellationToken);
            return new PageResponse<RecordingResponse>(items, rows.Count > limit ? cursors.WriteValue(name, db.TenantId, LibraryRows.Place(rows[limit - 1], sort)) : null);
        }
    }
}
