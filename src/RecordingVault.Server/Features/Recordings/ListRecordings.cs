using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings;

internal static class ListRecordings
{
    private const string List = "recordings";

    public static async Task<Results<Ok<PageResponse<RecordingResponse>>, ProblemHttpResult>> Handle(
        int? limit, string? cursor, bool? trash, RecordingList list, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await list.PageAsync(limit ?? Cursors.DefaultLimit, cursor, trash ?? false, cancellationToken) is { } page
            ? TypedResults.Ok(page)
            : Problem.Invalid("cursor", "use nextCursor of the page before, as it came, or leave it out.").ToResult();
    }

    /// <summary>Newest first, paged by key: a page costs the same however many recordings there are (P12).</summary>
    internal sealed class RecordingList(VaultDbContext db, RecordingReading reading, Cursors cursors)
    {
        /// <summary>Null when the cursor is not one of this list.</summary>
        public async Task<PageResponse<RecordingResponse>?> PageAsync(int limit, string? cursor, bool inTrash, CancellationToken cancellationToken)
        {
            var query = db.Recordings.AsNoTracking().Where(recording => !recording.IsBeingDestroyed && (recording.TrashedAt != null) == inTrash);
            if (cursor is { Length: > 0 })
            {
                if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                    return null;
                query = query.Behind(after);
            }

            var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
            var items = await reading.OpenAsync([.. rows.Take(limit)], cancellationToken);
            return new PageResponse<RecordingResponse>(items, rows.Count > limit ? cursors.Write(List, db.TenantId, rows[limit - 1].Place()) : null);
        }
    }
}
