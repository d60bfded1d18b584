using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Export.Packages;

/// <param name="Recipient">Null when the export is over: what it was for stands in the log.</param>
/// <param name="Done">Recordings that were looked at so far, of all that were asked for.</param>
/// <param name="Sha256">Of the whole file; null until it is ready.</param>
/// <param name="Fetches">How often somebody began to fetch it; <paramref name="FetchedAt"/> is when last.</param>
internal sealed record ExportResponse(
    Guid Id, string State, string Purpose, string? Recipient, string Format, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset LicensedUntil, int Done, int Total, long? SizeInBytes, string? Sha256,
    int Fetches, DateTimeOffset? FetchedAt,
    IReadOnlyList<ExportOutcome> Recordings);

/// <param name="Outcome">waiting, packed or refused.</param>
/// <param name="Reason">The slug of what stood in the way; null unless it was refused.</param>
internal sealed record ExportOutcome(Guid Recording, string Outcome, string? Reason, string? Sentence);

/// <summary>GET /api/v1/exports and /api/v1/exports/{id}.</summary>
internal static class ReadExports
{
    public static async Task<Results<Ok<ExportResponse>, ProblemHttpResult>> One(Guid id, HttpContext http, ExportReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, http, cancellationToken) is { } found ? TypedResults.Ok(found) : Problem.NotFound.ToResult();

    public static async Task<Results<Ok<PageResponse<ExportResponse>>, ProblemHttpResult>> List(int? limit, string? cursor, HttpContext http, ExportReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.PageAsync(limit ?? Cursors.DefaultLimit, cursor, http, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }
}

/// <summary>Exports as their readers see them, each opened under its own key.</summary>
internal sealed class ExportReading(VaultDbContext db, TenantKeys keys, ExportReach reach, Cursors cursors)
{
    private const string Listed = "exports";

    public async Task<ExportResponse?> FindAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        return await db.PackageExports.AsNoTracking().SingleOrDefaultAsync(export => export.Id == id && purposes.Contains(export.For), cancellationToken) is { } row ? (await OpenAsync([row], cancellationToken))[0] : null;
    }

    /// <summary>The newest first; null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<ExportResponse>?> PageAsync(int limit, string? cursor, HttpContext http, CancellationToken cancellationToken)
    {
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        var query = db.PackageExports.AsNoTracking().Where(export => purposes.Contains(export.For));
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Listed, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<ExportResponse>(await OpenAsync([.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(Listed, db.TenantId, rows[limit - 1].Place()) : null);
    }

    private async Task<IReadOnlyList<ExportResponse>> OpenAsync(IReadOnlyList<PackageExport> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var items = (await db.PackageExportItems.AsNoTracking().Where(item => ids.Contains(item.ExportId)).OrderBy(item => item.Number).ToListAsync(cancellationToken)).ToLookup(item => item.ExportId);
        List<ExportResponse> opened = [];
        foreach (var row in rows)
        {
            opened.Add(new ExportResponse(
                row.Id, row.State.Name(), row.For.Name(), await RecipientAsync(row, cancellationToken), "package", row.CreatedAt, row.ExpiresAt, row.LicensedUntil, row.State is ExportState.Waiting ? 0 : row.Done, items[row.Id].Count(),
                row.SizeInBytes, row.Sha256 is { } digest ? Convert.ToHexStringLower(digest) : null, row.Fetches, row.FetchedAt,
                [.. items[row.Id].Select(item => new ExportOutcome(item.RecordingId, item.IsPacked switch { true => "packed", false => "refused", null => "waiting" }, item.Reason, item.Sentence))]));
        }

        return opened;
    }

    /// <summary>Null when it is over.</summary>
    public async Task<string?> RecipientAsync(PackageExport row, CancellationToken cancellationToken)
    {
        if (row.State == ExportState.Ended)
            return null;
        try
        {
            using var key = await keys.ExportKeyAsync(row.Id, cancellationToken);
            return row.Recipient.Open(key, row.TenantId, row.Id, PackageExport.RecipientColumn);
        }
        catch (KeyDestroyedException)
        {
            return null;
        }
    }
}
