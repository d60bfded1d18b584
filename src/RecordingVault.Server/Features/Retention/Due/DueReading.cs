using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Retention.Due;

/// <param name="Name">Null where it was removed meanwhile.</param>
public sealed record DueSchedule(Guid Id, string? Name);

/// <param name="DisposeAt">When its time is over.</param>
/// <param name="Action">review or destroy.</param>
/// <param name="Schedule">Whose wish it is.</param>
/// <param name="WarnedAt">When people were told; null before that. It goes a week later at the earliest.</param>
/// <param name="ObligedUntil">Before then nothing of it goes; null where nothing obliges.</param>
/// <param name="IsHeld">Nothing of it goes while this is so.</param>
/// <param name="ReviewSince">Since when it waits for somebody's decision; null where it does not.</param>
public sealed record DueResponse(
    Guid Recording, DateTimeOffset DisposeAt, string Action, DueSchedule? Schedule, DateTimeOffset? WarnedAt, DateTimeOffset? ObligedUntil, bool IsHeld, DateTimeOffset? ReviewSince)
{
    /// <summary>The first night that may take it: not before its day, and not before people have known for a week.</summary>
    public DateTimeOffset GoesAt(DateTimeOffset now)
    {
        var told = (WarnedAt ?? (DisposeAt - DueRows.Notice > now ? DisposeAt - DueRows.Notice : RunBook.Night(now).AddDays(1))) + DueRows.Notice;
        return told > DisposeAt ? told : DisposeAt;
    }
}

/// <param name="EndedAt">Null while it runs, and where it stopped halfway.</param>
/// <param name="Reckoned">Recordings whose day became another one.</param>
/// <param name="HeldBack">Due, and on hold.</param>
public sealed record RunResponse(Guid Id, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Reckoned, int Warned, int Trashed, int ForReview, int HeldBack, int Failed);

/// <summary>Which recordings a list of dates is to have.</summary>
internal sealed record DueFilter(DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    /// <summary>Leave out what is on hold and what waits for a decision: it goes nowhere by itself.</summary>
    public bool OnlyWhatGoes { get; init; }
}

/// <summary>What is due when, the nearest first, outside the trash.</summary>
internal sealed class DueReading(VaultDbContext db, TenantKeys keys, Cursors cursors)
{
    private const string List = "retention.due";
    private const string Runs = "retention.runs";

    /// <summary>Null where the cursor is none of this list.</summary>
    public async Task<PageResponse<DueResponse>?> PageAsync(DueFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var rows = Rows(filter);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var place))
                return null;
            rows = rows.Where(row => row.DisposeAt > place.Time || (row.DisposeAt == place.Time && row.RecordingId.CompareTo(place.Id) > 0));
        }

        var found = await rows.OrderBy(row => row.DisposeAt).ThenBy(row => row.RecordingId).Take(limit + 1).ToListAsync(cancellationToken);
        var shown = found.Take(limit).ToList();
        return new PageResponse<DueResponse>(
            await OpenAsync(shown, cancellationToken), found.Count > limit ? cursors.Write(List, db.TenantId, new PagePlace(shown[^1].DisposeAt!.Value, shown[^1].RecordingId)) : null);
    }

    public Task<int> CountAsync(DueFilter filter, CancellationToken cancellationToken) => Rows(filter).CountAsync(cancellationToken);

    /// <summary>Those that wait for somebody's decision, the longest first.</summary>
    public async Task<IReadOnlyList<DueResponse>> WaitingAsync(int most, CancellationToken cancellationToken) =>
        await OpenAsync(await DueRows.Waiting(db).AsNoTracking().Where(row => row.DisposeAt != null).OrderBy(row => row.ReviewSince).ThenBy(row => row.RecordingId).Take(most).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>The nights, the newest first; null where the cursor is none of this list.</summary>
    public async Task<PageResponse<RunResponse>?> RunsAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var runs = db.RetentionRuns.AsNoTracking();
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Runs, db.TenantId, cursor, out var place))
                return null;
            runs = runs.Where(run => run.StartedAt < place.Time || (run.StartedAt == place.Time && run.Id.CompareTo(place.Id) < 0));
        }

        var found = await runs.OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<RunResponse>(
            [.. found.Take(limit).Select(run => new RunResponse(run.Id, run.StartedAt, run.EndedAt, run.Reckoned, run.Warned, run.Trashed, run.ForReview, run.HeldBack, run.Failed))],
            found.Count > limit ? cursors.Write(Runs, db.TenantId, new PagePlace(found[limit - 1].StartedAt, found[limit - 1].Id)) : null);
    }

    /// <summary>How many end on each day, by UTC: the days on which nothing ends are stepped over, so that it costs by days and not by recordings.</summary>
    public async Task<IReadOnlyList<(DateOnly Day, int Count)>> DaysAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var days = new List<(DateOnly, int)>();
        while (await Rows(new DueFilter(from, until) { OnlyWhatGoes = true }).OrderBy(row => row.DisposeAt).Select(row => row.DisposeAt).FirstOrDefaultAsync(cancellationToken) is { } first)
        {
            var day = new DateTimeOffset(first.UtcDateTime.Date, TimeSpan.Zero);
            from = day.AddDays(1);
            days.Add((DateOnly.FromDateTime(day.UtcDateTime), await CountAsync(new DueFilter(day, from < until ? from : until) { OnlyWhatGoes = true }, cancellationToken)));
        }

        return days;
    }

    private IQueryable<RecordingDisposal> Rows(DueFilter filter)
    {
        var rows = (filter.OnlyWhatGoes ? DueRows.Free(db).Where(row => row.ReviewSince == null) : DueRows.Kept(db)).AsNoTracking().Where(row => row.DisposeAt != null);
        if (filter.From is { } from)
            rows = rows.Where(row => row.DisposeAt >= from);
        if (filter.Until is { } until)
            rows = rows.Where(row => row.DisposeAt < until);
        return rows;
    }

    private async Task<IReadOnlyList<DueResponse>> OpenAsync(IReadOnlyList<RecordingDisposal> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.RecordingId).ToList();
        var held = await db.LegalHolds.AsNoTracking().Where(hold => ids.Contains(hold.RecordingId) && hold.LiftedAt == null).Select(hold => hold.RecordingId).Distinct().ToListAsync(cancellationToken);
        var names = await ScheduleNamesAsync([.. rows.Select(row => row.WishId).OfType<Guid>().Distinct()], cancellationToken);
        return
        [
            .. rows.Select(row => new DueResponse(
                row.RecordingId, row.DisposeAt!.Value, row.Action.ToString().ToLowerInvariant(), row.WishId is { } wish ? new DueSchedule(wish, names.GetValueOrDefault(wish)) : null,
                row.WarnedAt, row.ObligedUntil, held.Contains(row.RecordingId), row.ReviewSince)),
        ];
    }

    private async Task<IReadOnlyDictionary<Guid, string>> ScheduleNamesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var schedules = await db.RetentionSchedules.AsNoTracking().Where(schedule => ids.Contains(schedule.Id)).Select(schedule => new { schedule.Id, schedule.Name }).ToListAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return schedules.ToDictionary(schedule => schedule.Id, schedule => schedule.Name.Open(key, db.TenantId, schedule.Id, RetentionSchedule.NameColumn));
    }
}
