using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>A tenant's rules, and what its recordings' dates are reckoned from, a page at a time: the number of queries does not grow with the page.</summary>
internal sealed class RetentionFactsReading(VaultDbContext db, IConsentWithdrawals withdrawals)
{
    /// <summary>The rules that are in force: of the tenant, its sources, labels and collections, and of these recordings alone.</summary>
    public async Task<IReadOnlyList<RetentionRule>> RulesAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var targets = recordingIds.Select(id => id.ToString()).ToList();
        var schedules = await db.RetentionSchedules.AsNoTracking()
            .Where(schedule => schedule.Scope != RetentionScope.Recording || targets.Contains(schedule.Target!)).ToListAsync(cancellationToken);
        return [.. schedules.Select(schedule => schedule.Rule)];
    }

    /// <summary>Those that are being destroyed are left out: nothing is reckoned of them any more.</summary>
    public async Task<IReadOnlyDictionary<Guid, RetentionFacts>> FactsAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var recordings = await db.Recordings.AsNoTracking().Where(recording => recordingIds.Contains(recording.Id) && !recording.IsBeingDestroyed)
            .Select(recording => new
            {
                recording.Id,
                recording.Label,
                recording.Source,
                CollectionId = db.CollectedRecordings.Where(row => row.RecordingId == recording.Id).Select(row => (Guid?)row.CollectionId).FirstOrDefault(),
                recording.MeetingAt,
                recording.UploadedAt,
                recording.LastViewedAt,
                Row = db.RecordingDisposals.Where(row => row.RecordingId == recording.Id).Select(row => new { row.KeepUntil, row.ObligedUntil, row.ObligationId }).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        var withdrawn = await withdrawals.SinceAsync(recordingIds, cancellationToken);
        var closed = (await db.LegalHolds.AsNoTracking().Where(hold => recordingIds.Contains(hold.RecordingId))
            .Join(db.Matters, hold => hold.MatterId, matter => matter.Id, (hold, matter) => new { hold.RecordingId, hold.LiftedAt, matter.ClosedAt }).ToListAsync(cancellationToken))
            .GroupBy(hold => hold.RecordingId)
            // While a hold stands no matter is the last. One that goes on without this recording, its hold lifted singly, says nothing of it.
            .Where(holds => holds.All(hold => hold.LiftedAt is not null) && holds.Any(hold => hold.ClosedAt is not null))
            .ToDictionary(holds => holds.Key, holds => holds.Max(hold => hold.ClosedAt));
        return recordings.ToDictionary(recording => recording.Id, recording => new RetentionFacts
        {
            RecordingId = recording.Id,
            Label = recording.Label,
            Source = recording.Source,
            CollectionId = recording.CollectionId,
            RecordedAt = recording.MeetingAt,
            UploadedAt = recording.UploadedAt,
            LastViewedAt = recording.LastViewedAt,
            ConsentWithdrawnAt = withdrawn.TryGetValue(recording.Id, out var since) ? since : null,
            MatterClosedAt = closed.GetValueOrDefault(recording.Id),
            KeptUntil = recording.Row?.KeepUntil,
            ObligedBefore = recording.Row?.ObligedUntil,
            ObligationBefore = recording.Row?.ObligationId,
        });
    }
}
