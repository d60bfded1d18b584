using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>What the page played since its last report: stretches as [from, to] and how long the recording is, in seconds.</summary>
internal sealed record PlayedRequest(IReadOnlyList<IReadOnlyList<double>?>? Ranges, double? Duration)
{
    private const int MostRanges = 200;
    private const double LongestRecording = 7 * 24 * 3600;

    public Problem? Check() =>
        Duration is { } duration && !(duration is > 0 and <= LongestRecording) ? Problem.Invalid("duration", "give the recording's length in seconds.")
        : Ranges is { Count: > MostRanges } || Ranges?.Any(range => !IsRange(range)) == true ? Problem.Invalid("ranges", "give at most 200 stretches as [from, to] in seconds.")
        : Ranges is { Count: > 0 } && Duration is null ? Problem.Invalid("duration", "ranges need the recording's length in seconds.")
        : null;

    public IEnumerable<PlayedRange> Played => (Ranges ?? []).Select(range => new PlayedRange(range![0], range[1]));

    private static bool IsRange(IReadOnlyList<double>? range) => range is [>= 0 and <= LongestRecording, >= 0 and <= LongestRecording] && range[0] <= range[1];
}

internal static class ReportPlayed
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, PlayedRequest request, HttpContext http, ShareDoor door, Viewings viewings, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { } visit)
            return Problem.NotFound.ToResult();
        if (request.Check() is { } wrong)
            return wrong.ToResult();
        return await viewings.PlayAsync(visit, request, cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
    }

    /// <summary>Keeps what was played. The first report is the moment at which a viewing starts.</summary>
    internal sealed class Viewings(VaultDbContext db, AuditLog audit, TimeProvider time)
    {
        public async Task<Problem?> PlayAsync(ShareVisit visit, PlayedRequest report, CancellationToken cancellationToken)
        {
            var now = time.Now();
            if ((await visit.Asker.StandingAsync(db, visit.Share.RecordingId, now, cancellationToken)).Refusal is { } refusal)
                return refusal;
            var grant = visit.Grant.GrantId;
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            // It takes the row first: two reports at once are added one after the other, and neither loses what the other played.
            await db.Viewings.Where(viewing => viewing.GrantId == grant).ExecuteUpdateAsync(set => set.SetProperty(viewing => viewing.LastSeenAt, now), cancellationToken);
            var started = await db.Viewings.Where(viewing => viewing.GrantId == grant && viewing.StartedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(viewing => viewing.StartedAt, now), cancellationToken);
            if (started == 1)
                await audit.AppendAsync(new AuditEntry("viewing.started", visit.Asker.Actor, AuditTargetKind.Share, visit.Share.Id), cancellationToken);
            if (await db.Viewings.SingleOrDefaultAsync(viewing => viewing.GrantId == grant, cancellationToken) is not { } viewing)
                return Problem.NotFound;
            Add(viewing, report);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        private static void Add(Viewing viewing, PlayedRequest report)
        {
            if (report.Duration is not { } duration)
                return;
            viewing.PlayedParts = PlayedParts.Add(viewing.PlayedParts, report.Played, duration);
            viewing.PlayedShare = PlayedParts.Share(viewing.PlayedParts);
            viewing.PlayedTimes = PlayedParts.Times(viewing.PlayedParts);
        }
    }
}
