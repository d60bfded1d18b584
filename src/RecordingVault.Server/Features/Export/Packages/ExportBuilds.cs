using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>The rows that say which packages are to be built and who is at one. A try is what a build is known by: whoever was taken for gone, and is not, changes nothing of the next one's.</summary>
internal sealed class ExportBuilds(VaultDbContext db, ProcessingClaims claims)
{
    /// <summary>After so many beginnings without an end it has failed.</summary>
    public const int MostTries = 3;

    /// <summary>What failed by the machine's fault is tried again after so long.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(20);

    /// <summary>Packages that nobody is at and whose time has come.</summary>
    public IQueryable<PackageExport> Due()
    {
        var (now, over) = (claims.Now, claims.OverBefore);
        return db.PackageExports.Where(export => export.ExpiresAt > now && export.Tries < MostTries
            && ((export.State == ExportState.Waiting && (export.ClaimedUntil == null || export.ClaimedUntil <= now)) || (export.State == ExportState.Building && export.ClaimedUntil < over)));
    }

    /// <returns>Null where somebody else took it, or it is over.</returns>
    public async Task<PackageExport?> ClaimAsync(Guid id, CancellationToken cancellationToken)
    {
        DateTimeOffset? until = claims.Until;
        var isTaken = await Due().Where(export => export.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(export => export.State, ExportState.Building).SetProperty(export => export.ClaimedUntil, until).SetProperty(export => export.Tries, export => export.Tries + 1).SetProperty(export => export.Done, 0), cancellationToken) == 1;
        if (!isTaken)
            return null;
        // What had to wait then may be ready now.
        await db.PackageExportItems.Where(item => item.ExportId == id && item.Reason == PlaybackProblems.BeingMarked.Slug)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.IsPacked, (bool?)null).SetProperty(item => item.Reason, (string?)null).SetProperty(item => item.Sentence, (string?)null), cancellationToken);
        return await db.PackageExports.AsNoTracking().SingleAsync(export => export.Id == id, cancellationToken);
    }

    /// <summary>The row, as long as it is this build's.</summary>
    public IQueryable<PackageExport> Held(PackageExport build) => db.PackageExports.Where(row => row.Id == build.Id && row.State == ExportState.Building && row.Tries == build.Tries);

    /// <summary>Says that the build goes on.</summary>
    public Task BeatAsync(PackageExport build, CancellationToken cancellationToken)
    {
        DateTimeOffset? until = claims.Until;
        return Held(build).ExecuteUpdateAsync(set => set.SetProperty(row => row.ClaimedUntil, until), cancellationToken);
    }

    /// <summary>Lets go of it for the next try.</summary>
    /// <param name="isStopped">The server is stopping: nothing has failed, and the try does not count.</param>
    public Task GiveBackAsync(PackageExport build, bool isStopped, CancellationToken cancellationToken)
    {
        var (state, tries, again) = isStopped ? (ExportState.Waiting, build.Tries - 1, null)
            : build.Tries < MostTries ? (ExportState.Waiting, build.Tries, claims.Now + s_again)
            : (ExportState.Failed, build.Tries, (DateTimeOffset?)null);
        return Held(build).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, state).SetProperty(row => row.Tries, tries).SetProperty(row => row.ClaimedUntil, again), cancellationToken);
    }

    /// <summary>Those whose process ended with their last try have failed: nobody comes back to them.</summary>
    public Task GiveUpAsync(CancellationToken cancellationToken)
    {
        var over = claims.OverBefore;
        return db.PackageExports.Where(export => export.State == ExportState.Building && export.ClaimedUntil < over && export.Tries >= MostTries)
            .ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Failed).SetProperty(export => export.ClaimedUntil, (DateTimeOffset?)null), cancellationToken);
    }
}
