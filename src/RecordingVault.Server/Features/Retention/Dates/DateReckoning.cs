using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>Reckons dates and writes them down for the lists. Whoever disposes of something takes <see cref="NowAsync"/> in the transaction that does it, and no row.</summary>
internal sealed class DateReckoning(VaultDbContext db, RetentionFactsReading reading, AuditLog audit)
{
    public const int PageLength = 500;

    /// <summary>A recording's date by all that is true in the running transaction; null where it is not there, or is being destroyed.</summary>
    public async Task<DisposalDate?> NowAsync(Guid recordingId, CancellationToken cancellationToken) =>
        (await reading.FactsAsync([recordingId], cancellationToken)).GetValueOrDefault(recordingId) is { } facts
            ? DisposalDate.Of(await reading.RulesAsync([recordingId], cancellationToken), facts)
            : null;

    /// <summary>Whether there is a rule, or a day or obligation that one gave: else nothing is to be followed, told of or disposed of.</summary>
    public async Task<bool> HasWorkAsync(CancellationToken cancellationToken) =>
        await db.RetentionSchedules.AnyAsync(cancellationToken) || await db.RecordingDisposals.AnyAsync(row => row.DisposeAt != null || row.ObligedUntil != null || row.ReviewSince != null, cancellationToken);

    /// <summary>
    /// The recordings whose date was reckoned from something older than what is true now, by id from <paramref name="after"/> on: a page of them. The id bounds both sides, so that a page late in a
    /// million does not read the rows of all pages before it.
    /// </summary>
    public Task<List<Guid>> StaleAsync(Guid after, CancellationToken cancellationToken) =>
        db.Recordings.Where(recording => recording.Id.CompareTo(after) > 0 && !recording.IsBeingDestroyed
                && !db.RecordingDisposals.Any(row => row.RecordingId.CompareTo(after) > 0 && row.RecordingId == recording.Id && row.RecordingVersion == recording.Version
                    && row.Generation == db.Tenants.Select(tenant => tenant.RetentionGeneration).FirstOrDefault()))
            .OrderBy(recording => recording.Id).Take(PageLength).Select(recording => recording.Id).ToListAsync(cancellationToken);

    /// <summary>Reckons these anew, in one small transaction behind the tenant's turn. What is the same already is left alone.</summary>
    /// <returns>How many dates are others now.</returns>
    public async Task<int> WriteAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Behind the turn nothing that a date depends on changes between reading and writing.
        await audit.TakeTurnAsync(cancellationToken);
        var generation = await db.Tenants.Select(tenant => tenant.RetentionGeneration).SingleAsync(cancellationToken);
        var rules = await reading.RulesAsync(recordingIds, cancellationToken);
        var facts = await reading.FactsAsync(recordingIds, cancellationToken);
        var versions = await db.Recordings.Where(recording => recordingIds.Contains(recording.Id)).Select(recording => new { recording.Id, recording.Version }).ToDictionaryAsync(row => row.Id, row => row.Version, cancellationToken);
        var held = await db.LegalHolds.Where(hold => recordingIds.Contains(hold.RecordingId) && hold.LiftedAt == null).Select(hold => hold.RecordingId).Distinct().ToListAsync(cancellationToken);
        var rows = await db.RecordingDisposals.Where(row => recordingIds.Contains(row.RecordingId)).ToDictionaryAsync(row => row.RecordingId, cancellationToken);
        List<Guid> changed = [];
        foreach (var (id, known) in facts)
        {
            var isNew = !rows.TryGetValue(id, out var row);
            if (row is null)
                db.RecordingDisposals.Add(row = new RecordingDisposal { TenantId = db.TenantId, RecordingId = id });
            var date = DisposalDate.Of(rules, known);
            if (Put(row, isNew || !held.Contains(id) ? date : WhileHeld(row, date)))
                changed.Add(id);
            (row.RecordingVersion, row.Generation) = (versions[id], generation);
        }

        await db.SaveChangesAsync(cancellationToken);
        // Its card tells the date: it is due again where the date is all that changed. Otherwise whoever changed the recording has asked for a card already.
        foreach (var page in changed.Chunk(PageLength))
        {
            await db.Recordings.Where(recording => page.Contains(recording.Id) && recording.CardVersion == recording.Version)
                .ExecuteUpdateAsync(set => set.SetProperty(recording => recording.CardVersion, (int?)null), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return changed.Count;
    }

    /// <summary>A date never moves to an earlier day while a hold stands, and neither does an obligation: the rules that were changed meanwhile count from when the last one is lifted.</summary>
    private static DisposalDate WhileHeld(RecordingDisposal row, DisposalDate date)
    {
        var (until, obligation) = row.ObligedUntil > (date.KeptUntil ?? DateTimeOffset.MinValue) ? (row.ObligedUntil, row.ObligationId) : (date.KeptUntil, date.ObligationId);
        var isSooner = date.At is { } at && (row.DisposeAt is not { } before || at < before || (at == before && row.Action is DisposalAction.Review && date.Action is DisposalAction.Destroy));
        return isSooner ? new DisposalDate(row.DisposeAt, row.Action, row.WishId, row.GraceInDays, until, obligation) : date with { KeptUntil = until, ObligationId = obligation };
    }

    /// <summary>True where the day, or what happens on it, is another one.</summary>
    private static bool Put(RecordingDisposal row, DisposalDate date)
    {
        var isOther = row.DisposeAt != date.At || row.Action != date.Action;
        // People were told of another day: a week passes after they are told of this one, also where it is later. What they heard years before would be no notice.
        if (isOther)
            row.WarnedAt = null;
        if (date.At is null || date.At > row.DisposeAt)
            row.ReviewSince = null;
        (row.DisposeAt, row.Action, row.WishId, row.GraceInDays) = (date.At, date.Action, date.WishId, date.GraceInDays);
        (row.ObligedUntil, row.ObligationId) = (date.KeptUntil, date.ObligationId);
        return isOther;
    }
}
