using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Export.Listing;

/// <summary>Exports with what a person wants to know of them: titles, names, and whether they may still be fetched by who looks. Looking tells the log nothing, for nothing leaves.</summary>
internal sealed class ExportLines(VaultDbContext db, ExportReading reading, RecordingTitles titles, ReleaseCheck check, ExportReach reach, ExportAskers askers, Cursors cursors, TimeProvider time)
{
    private const string Listed = "export-lines";

    /// <summary>The newest first; null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<ExportLine>?> PageAsync(HttpContext http, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = await ReachedAsync(http, cancellationToken);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Listed, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<ExportLine>(await TellAsync(http, [.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(Listed, db.TenantId, rows[limit - 1].Place()) : null);
    }

    /// <summary>The newest of a run.</summary>
    public async Task<IReadOnlyList<ExportLine>> OfRunAsync(HttpContext http, Guid runId, int most, CancellationToken cancellationToken) =>
        await TellAsync(http, await (await ReachedAsync(http, cancellationToken)).Where(export => export.RunId == runId).NewestFirst().Take(most).ToListAsync(cancellationToken), cancellationToken);

    public async Task<ExportLine?> FindAsync(HttpContext http, Guid id, CancellationToken cancellationToken) =>
        await (await ReachedAsync(http, cancellationToken)).SingleOrDefaultAsync(export => export.Id == id, cancellationToken) is { } row ? (await TellAsync(http, [row], cancellationToken))[0] : null;

    public async Task<IReadOnlyList<ExportLineRecording>> RecordingsAsync(Guid exportId, CancellationToken cancellationToken)
    {
        var items = await db.PackageExportItems.AsNoTracking().Where(item => item.ExportId == exportId).OrderBy(item => item.Number).ToListAsync(cancellationToken);
        var names = await titles.OfAsync([.. items.Select(item => item.RecordingId)], cancellationToken);
        return [.. items.Select(item => new ExportLineRecording(
            item.RecordingId, names.GetValueOrDefault(item.RecordingId), item.IsPacked, item.Reason is { } slug ? RefusalWords.Of(slug, item.Sentence, item.RecordingId) : null))];
    }

    /// <summary>What is there for who asks: for everybody else there is no such export.</summary>
    private async Task<IQueryable<PackageExport>> ReachedAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        return db.PackageExports.AsNoTracking().Where(export => purposes.Contains(export.For));
    }

    private async Task<IReadOnlyList<ExportLine>> TellAsync(HttpContext http, IReadOnlyList<PackageExport> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var items = (await db.PackageExportItems.AsNoTracking().Where(item => ids.Contains(item.ExportId)).OrderBy(item => item.Number).ToListAsync(cancellationToken)).ToLookup(item => item.ExportId);
        var names = await titles.OfAsync([.. rows.Select(row => items[row.Id].FirstOrDefault()?.RecordingId).OfType<Guid>().Distinct()], cancellationToken);
        var (people, tokens) = await askers.OfAsync(http, rows, cancellationToken);
        var allowed = await AllowedAsync(http, rows, items, cancellationToken);
        List<ExportLine> lines = [];
        foreach (var row in rows)
        {
            var first = items[row.Id].FirstOrDefault()?.RecordingId;
            lines.Add(new ExportLine
            {
                Id = row.Id,
                State = StateOf(row, items[row.Id], allowed),
                Title = first is { } id ? names.GetValueOrDefault(id) : null,
                RecordingId = first,
                Total = items[row.Id].Count(),
                Done = row.State is ExportState.Waiting ? 0 : row.Done,
                Packed = items[row.Id].Count(item => item.IsPacked is true),
                LeftOut = items[row.Id].Count(item => item.IsPacked is false),
                Purpose = row.For.Name(),
                Recipient = await reading.RecipientAsync(row, cancellationToken),
                AskedBy = people.GetValueOrDefault(row.MemberId, "somebody whose account is gone"),
                Token = row.TokenId is { } token ? tokens.GetValueOrDefault(token) : null,
                AskedAt = row.CreatedAt,
                ExpiresAt = row.ExpiresAt,
                LicensedUntil = row.LicensedUntil,
                SizeInBytes = row.SizeInBytes,
                Sha256 = row.Sha256,
                Fetches = row.Fetches,
                FetchedAt = row.FetchedAt,
                IsOfRun = row.RunId is not null,
            });
        }

        return lines;
    }

    private ExportLineState StateOf(PackageExport row, IEnumerable<PackageExportItem> items, Dictionary<(Purpose For, Guid RecordingId), UsageTag> allowed) => row.State switch
    {
        ExportState.Waiting => ExportLineState.Waiting,
        ExportState.Building => ExportLineState.Building,
        ExportState.Refused => ExportLineState.Refused,
        ExportState.Failed => ExportLineState.Failed,
        ExportState.Ready when row.ExpiresAt <= time.GetUtcNow() => ExportLineState.Ended,
        ExportState.Ready => items.Where(item => item.IsPacked is true).Select(item => allowed.TryGetValue((row.For, item.RecordingId), out var tag) ? tag == item.Tag ? ExportLineState.Ready : ExportLineState.Outdated : ExportLineState.MayNotLeave)
            .DefaultIfEmpty(ExportLineState.MayNotLeave).MaxBy(state => (int)state),
        _ => ExportLineState.Ended,
    };

    /// <summary>The tags in force of those in the packages that may leave to who looks, by what the packages are for.</summary>
    private async Task<Dictionary<(Purpose For, Guid RecordingId), UsageTag>> AllowedAsync(HttpContext http, IReadOnlyList<PackageExport> rows, ILookup<Guid, PackageExportItem> items, CancellationToken cancellationToken)
    {
        var allowed = new Dictionary<(Purpose, Guid), UsageTag>();
        foreach (var alike in rows.Where(row => row.State is ExportState.Ready).GroupBy(row => row.For))
        {
            var asker = MemberAsker.Of(http) with { For = alike.Key, Processor = null };
            var inside = alike.SelectMany(row => items[row.Id]).Where(item => item.IsPacked is true).Select(item => item.RecordingId).Distinct().ToList();
            foreach (var (recording, tag) in await check.AllowedAsync(asker, inside, ReleasePurpose.Download, cancellationToken))
                allowed[(alike.Key, recording.Id)] = tag;
        }

        return allowed;
    }
}
