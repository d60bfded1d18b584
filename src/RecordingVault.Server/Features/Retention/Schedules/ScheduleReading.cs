using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>Schedules and what waits to change them, as people who may read them see them. The number of queries does not grow with the page.</summary>
internal sealed class ScheduleReading(VaultDbContext db, ChangeEnding ending, TenantKeys keys, MemberDirectory members, RecordingTitles titles, Cursors cursors)
{
    private const string Listed = "schedules";
    private const string ChangesListed = "schedule-changes";

    public async Task<ScheduleResponse?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await db.RetentionSchedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row ? (await OpenAsync([row], cancellationToken))[0] : null;

    /// <summary>The newest first, those for single recordings among them; null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<ScheduleResponse>?> PageAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.RetentionSchedules.AsNoTracking();
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Listed, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<ScheduleResponse>(await OpenAsync([.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(Listed, db.TenantId, rows[limit - 1].Place()) : null);
    }

    /// <summary>All but those for single recordings, of which there are few: the most specific first.</summary>
    public async Task<IReadOnlyList<ScheduleResponse>> WideAsync(CancellationToken cancellationToken)
    {
        var rows = await db.RetentionSchedules.AsNoTracking().Where(row => row.Scope != RetentionScope.Recording).ToListAsync(cancellationToken);
        return await OpenAsync([.. rows.OrderByDescending(row => row.Scope).ThenBy(row => row.Target, StringComparer.Ordinal).ThenBy(row => row.Id)], cancellationToken);
    }

    /// <summary>The one for this recording alone; null where there is none.</summary>
    public Task<Guid?> OwnAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var target = recordingId.ToString();
        return db.RetentionSchedules.Where(row => row.Scope == RetentionScope.Recording && row.Target == target).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<ChangeResponse?> ChangeAsync(Guid id, CancellationToken cancellationToken) =>
        await db.ScheduleChanges.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row ? (await OpenAsync([row], cancellationToken))[0] : null;

    /// <summary>The newest first; null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<ChangeResponse>?> ChangesAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.ScheduleChanges.AsNoTracking();
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(ChangesListed, db.TenantId, cursor, out var after))
                return null;
            query = query.Where(row => row.AskedAt < after.Time || (row.AskedAt == after.Time && row.Id.CompareTo(after.Id) < 0));
        }

        var rows = await query.OrderByDescending(row => row.AskedAt).ThenByDescending(row => row.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<ChangeResponse>(
            await OpenAsync([.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(ChangesListed, db.TenantId, new PagePlace(rows[limit - 1].AskedAt, rows[limit - 1].Id)) : null);
    }

    private async Task<IReadOnlyList<ScheduleResponse>> OpenAsync(IReadOnlyList<RetentionSchedule> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return [];
        var ids = rows.Select(row => row.Id).ToList();
        var waiting = (await OpenAsync(await ending.Live().AsNoTracking().Where(change => ids.Contains(change.ScheduleId)).ToListAsync(cancellationToken), cancellationToken)).ToLookup(change => change.Schedule);
        var names = await TargetsAsync(rows, cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return [.. rows.Select(row => new ScheduleResponse(
            row.Id, row.Name.Open(key, row.TenantId, row.Id, RetentionSchedule.NameColumn), row.Scope.Name(), row.Target, row.Target is { } target ? names.GetValueOrDefault(target) : null, row.Trigger.Name(),
            row.KeepAtLeast, row.DisposeAfter, row.Action.Name(), row.GraceInDays, row.CreatedAt, ScheduleWords.Rule(row.Rule), waiting[row.Id].FirstOrDefault()))];
    }

    private async Task<Dictionary<string, string>> TargetsAsync(IReadOnlyList<RetentionSchedule> rows, CancellationToken cancellationToken)
    {
        var collections = rows.Where(row => row.Scope is RetentionScope.Collection).Select(row => Guid.Parse(row.Target!)).Distinct().ToList();
        var recordings = rows.Where(row => row.Scope is RetentionScope.Recording).Select(row => Guid.Parse(row.Target!)).Distinct().ToList();
        var named = (await titles.OfAsync(recordings, cancellationToken)).ToDictionary(title => title.Key.ToString(), title => title.Value, StringComparer.Ordinal);
        using var key = await keys.DataKeyAsync(cancellationToken);
        foreach (var row in await db.Collections.AsNoTracking().Where(collection => collections.Contains(collection.Id)).ToListAsync(cancellationToken))
            named[row.Id.ToString()] = row.Name.Open(key, row.TenantId, row.Id, Collection.NameColumn);
        return named;
    }

    private async Task<IReadOnlyList<ChangeResponse>> OpenAsync(List<ScheduleChange> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return [];
        var (ids, schedules) = (rows.Select(row => row.Id).ToList(), rows.Select(row => row.ScheduleId).Distinct().ToList());
        var live = await ending.Live().Where(change => ids.Contains(change.Id)).Select(change => change.Id).ToListAsync(cancellationToken);
        var people = rows.SelectMany(row => new[] { row.AskedBy, row.DecidedBy ?? row.AskedBy }).Distinct().ToList();
        var names = (await db.Users.AsNoTracking().Where(member => people.Contains(member.Id)).ToListAsync(cancellationToken)).ToDictionary(member => member.Id, members.NameOf);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var called = (await db.RetentionSchedules.AsNoTracking().Where(row => schedules.Contains(row.Id)).ToListAsync(cancellationToken))
            .ToDictionary(row => row.Id, row => row.Name.Open(key, row.TenantId, row.Id, RetentionSchedule.NameColumn));
        return [.. rows.Select(row => new ChangeResponse(
            row.Id, row.ScheduleId, called.GetValueOrDefault(row.ScheduleId), row.Removes, row.KeepAtLeast, row.DisposeAfter, row.Removes ? null : row.Action.Name(), row.Removes ? null : row.GraceInDays,
            row.Reason.Open(key, row.TenantId, row.Id, ScheduleChange.ReasonColumn), Person(row.AskedBy), row.AskedAt, row.InForceAt, State(row, live.Contains(row.Id)),
            row.DecidedBy is { } decider ? Person(decider) : null, row.EndedAt, row.Word?.Open(key, row.TenantId, row.Id, ScheduleChange.WordColumn)))];

        SchedulePerson Person(Guid id) => new(id, names.GetValueOrDefault(id));
    }

    /// <summary>A row that no sweep has looked at yet says what the sweep will say; what is over its days still waits for that sweep, which puts it into force.</summary>
    private static string State(ScheduleChange row, bool isLive) => row.State switch
    {
        ScheduleChangeState.InForce => "in-force",
        ScheduleChangeState.Declined => "declined",
        ScheduleChangeState.TakenBack => "taken-back",
        ScheduleChangeState.Waiting when isLive => "waiting",
        _ => "stale",
    };
}
