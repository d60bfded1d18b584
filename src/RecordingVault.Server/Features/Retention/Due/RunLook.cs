using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Due;

/// <param name="Fact">What is wrong, as the beginning of a sentence.</param>
/// <param name="Why">The rest of it.</param>
public sealed record WrongRun(string Fact, string Why);

/// <param name="Last">When the last run that ended began; null before the first.</param>
/// <param name="IsMissed">None has ended for longer than a night and a day.</param>
/// <param name="Failed">Recordings that the last run failed at.</param>
/// <param name="Overdue">Recordings that were due more than a day ago.</param>
internal sealed record RunState(DateTimeOffset? Last, bool IsMissed, int Failed, int Overdue);

/// <summary>Whether the nights do what they promise: a deletion that quietly stopped is found by somebody who looks here, and not by a court.</summary>
internal static class RunLook
{
    private const string Cure = "Nothing is deleted on its day; whoever runs the vault looks at its health page.";

    /// <summary>Null where all is well.</summary>
    public static async Task<WrongRun?> WrongAsync(VaultDbContext db, DateTimeOffset now, CancellationToken cancellationToken) => await StateAsync(db, now, cancellationToken) switch
    {
        { IsMissed: true, Last: null } => new WrongRun("The nightly run of retention", $"has never ended here. {Cure}"),
        { IsMissed: true } => new WrongRun("The nightly run of retention", $"has not ended for more than a day. {Cure}"),
        { Overdue: > 0 and var overdue } => new WrongRun(
            Amount.Count(overdue, "recording", "recordings"), $"{(overdue == 1 ? "was" : "were")} due more than a day ago and {(overdue == 1 ? "was" : "were")} not deleted. The server’s log says why."),
        _ => null,
    };

    /// <summary>A tenant that was made since the last night has missed none.</summary>
    public static async Task<RunState> StateAsync(VaultDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await db.RetentionRuns.AsNoTracking().Where(run => run.EndedAt != null).OrderByDescending(run => run.StartedAt).Select(run => new { run.StartedAt, run.Failed }).FirstOrDefaultAsync(cancellationToken);
        var since = last?.StartedAt ?? await db.Tenants.Select(tenant => tenant.CreatedAt).SingleAsync(cancellationToken);
        return new RunState(last?.StartedAt, now - since > RunBook.LatestAfter, last?.Failed ?? 0, await DueRows.Overdue(db, now).CountAsync(cancellationToken));
    }
}
