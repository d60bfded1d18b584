using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Export.Everything;

/// <param name="All">Recordings that there are now; those that went into another one by a merge are empty and count for none.</param>
/// <param name="Fetched">In a package that somebody got whole.</param>
/// <param name="Ready">In a package that waits to be fetched, and in none that was.</param>
/// <param name="Packing">In a package that is being built, and in none of those.</param>
/// <param name="LeftOut">Refused in this round, and packed in none.</param>
/// <param name="Lost">In packages that could not be built or went before anybody fetched them.</param>
public sealed record RunCounts(int All, int Fetched, int Ready, int Packing, int LeftOut, int Lost)
{
    public int ToCome => Math.Max(0, All - Fetched - Ready - Packing - LeftOut - Lost);
}

/// <summary>Where a run is with each recording, by the packages that it made.</summary>
internal sealed class RunRecordings(VaultDbContext db)
{
    /// <summary>A browser fetches a package in one go: half a night's fetching that breaks off is begun anew.</summary>
    public const long MostBytes = 4_000_000_000;

    /// <summary>Those that the next package holds: up to its limit, and no more than it can carry in one go unless one alone is longer. Empty where none is left in this round.</summary>
    public async Task<IReadOnlyList<Guid>> NextAsync(EverythingRun run, CancellationToken cancellationToken)
    {
        var (runId, round) = (run.Id, run.Round);
        var waiting = await All()
            .Where(recording => !db.PackageExportItems.Any(item => item.RecordingId == recording.Id && db.PackageExports.Any(export => export.Id == item.ExportId && export.RunId == runId
                && (export.Round == round || (item.IsPacked != false && (export.FetchedWholeAt != null || export.State == ExportState.Waiting || export.State == ExportState.Building || export.State == ExportState.Ready))))))
            .OrderBy(recording => recording.Id).Take(ExportOrdering.MostRecordings).Select(recording => new { recording.Id, recording.SizeInBytes }).ToListAsync(cancellationToken);
        var bytes = 0L;
        return [.. waiting.TakeWhile((recording, index) => (bytes += recording.SizeInBytes) <= MostBytes || index == 0).Select(recording => recording.Id)];
    }

    public async Task<RunCounts> CountAsync(EverythingRun run, CancellationToken cancellationToken)
    {
        var (runId, round) = (run.Id, run.Round);
        var fetched = db.PackageExportItems.Where(item => item.IsPacked == true && db.PackageExports.Any(export => export.Id == item.ExportId && export.RunId == runId && export.FetchedWholeAt != null)).Select(item => item.RecordingId);
        var ready = db.PackageExportItems.Where(item => item.IsPacked == true && db.PackageExports.Any(export => export.Id == item.ExportId && export.RunId == runId && export.State == ExportState.Ready)).Select(item => item.RecordingId);
        var packing = db.PackageExportItems.Where(item => item.IsPacked != false && db.PackageExports.Any(export => export.Id == item.ExportId && export.RunId == runId && (export.State == ExportState.Waiting || export.State == ExportState.Building))).Select(item => item.RecordingId);
        var refused = db.PackageExportItems.Where(item => item.IsPacked == false && db.PackageExports.Any(export => export.Id == item.ExportId && export.RunId == runId && export.Round == round)).Select(item => item.RecordingId);
        var seen = db.PackageExportItems.Where(item => db.PackageExports.Any(export => export.Id == item.ExportId && export.RunId == runId && export.Round == round)).Select(item => item.RecordingId);
        var counted = await All().GroupBy(recording => fetched.Contains(recording.Id) ? 0 : ready.Contains(recording.Id) ? 1 : packing.Contains(recording.Id) ? 2 : refused.Contains(recording.Id) ? 3 : seen.Contains(recording.Id) ? 4 : 5)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        int Of(int key) => counted.GetValueOrDefault(key);
        return new RunCounts(counted.Values.Sum(), Of(0), Of(1), Of(2), Of(3), Of(4));
    }

    public Task<int> CountAllAsync(CancellationToken cancellationToken) => All().CountAsync(cancellationToken);

    /// <summary>Recordings that this round left out, a page of them, in the order of their packages.</summary>
    public Task<List<PackageExportItem>> LeftOutAsync(EverythingRun run, int most, CancellationToken cancellationToken)
    {
        var (runId, round) = (run.Id, run.Round);
        return db.PackageExportItems.AsNoTracking().Where(item => item.IsPacked == false && db.PackageExports.Any(export => export.Id == item.ExportId && export.RunId == runId && export.Round == round))
            .OrderBy(item => item.ExportId).ThenBy(item => item.Number).Take(most).ToListAsync(cancellationToken);
    }

    private IQueryable<Recording> All() => db.Recordings.AsNoTracking().Where(recording => !recording.IsBeingDestroyed && recording.MergedInto == null);
}
