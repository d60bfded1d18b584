using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing;

internal static class ListShares
{
    public static async Task<Results<Ok<PageResponse<ShareResponse>>, ProblemHttpResult>> Handle(
        Guid id, int? limit, string? cursor, HttpRequest request, VaultDbContext db, ShareList list, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id, cancellationToken))
            return Problem.NotFound.ToResult();
        return await list.PageAsync(request, id, limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page
            ? TypedResults.Ok(page)
            : Cursors.Wrong().ToResult();
    }

    /// <summary>One recording's links, newest first, paged by key.</summary>
    internal sealed class ShareList(VaultDbContext db, ShareReading reading, Cursors cursors)
    {
        /// <summary>Null when the cursor is not one of this list.</summary>
        public async Task<PageResponse<ShareResponse>?> PageAsync(HttpRequest request, Guid recordingId, int limit, string? cursor, CancellationToken cancellationToken)
        {
            var list = $"shares/{recordingId}";
            var query = db.Shares.AsNoTracking().Where(share => share.RecordingId == recordingId);
            if (cursor is { Length: > 0 })
            {
                if (!cursors.TryRead(list, db.TenantId, cursor, out var after))
                    return null;
                query = query.Behind(after);
            }

            var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
            var items = await reading.OpenAsync(request, [.. rows.Take(limit)], cancellationToken);
            return new PageResponse<ShareResponse>(items, rows.Count > limit ? cursors.Write(list, db.TenantId, rows[limit - 1].Place()) : null);
        }
    }
}
