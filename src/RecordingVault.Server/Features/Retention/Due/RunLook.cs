using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Due;

/// <param name="Fact">What is wrong, as the beginning of a sentence.</param>
/// <param name="Why">The rest of it.</param>
public sealed record WrongRun(string Fact, string Why);

/// <summary>Whether the nights do what they promise: a deletion that quietly stopped is found by somebody who looks here, and not by a court.</summary>
internal sealed class RunLook
{
    /// <summary>Null where all is well. A tenant that no night has come by yet, for which nothing is due, is well too.</summary>
    public async Task<WrongRun?> WrongAsync(VaultDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await db.RetentionRuns.AsNoTracking().Where(run => run.EndedAt != null).OrderByDescending(run => run.StartedAt).Select(run => (DateTimeOffset?)run.StartedAt).FirstOrDefaultAsync(cancellationToken);
        var since = last ?? await db.Tenants.Select(tenant => tenant.CreatedAt).SingleAsync(cancellationToken);
        if (now - since > RunBook.LatestAfter)
            return new WrongRun("The nightly run of retention", last is null ? "has never ended here. Nothing is deleted on its day; whoever runs the vault looks at its health page." : "has not ended for more than a day. Nothing is deleted on its day; whoever runs the vault looks at its health page.");
        var overdue = await DueRows.Overdue(db, now).CountAsync(cancellationToken);
        return overdue == 0 ? null : new WrongRun(Amount.Count(overdue, "recording", "recordings"), overdue == 1 ? "was due more than a day ago and was not deleted. The server’s log says why." : "were due more than a day ago and were not deleted. The server’s log says why.");
    }
}
