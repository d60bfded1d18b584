using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Retention.Holds;

/// <param name="Name">Null where there is no such account any more.</param>
public sealed record HoldPerson(Guid Id, string? Name);

/// <param name="State">open, closing while its holds are being lifted, or closed.</param>
/// <param name="Holds">How many recordings it holds now.</param>
public sealed record MatterResponse(Guid Id, string Name, string? Note, string State, DateTimeOffset OpenedAt, HoldPerson OpenedBy, DateTimeOffset? ClosedAt, HoldPerson? ClosedBy, int Holds);

public sealed record HoldMatter(Guid Id, string Name);

/// <param name="Reason">Only to an Owner, an Admin or an Auditor; null where none was given.</param>
/// <param name="DisposeAt">The recording's date by its rules, which the hold beats; null where it has none.</param>
public sealed record HoldResponse(
    Guid Id, Guid Recording, string Title, HoldMatter Matter, DateTimeOffset SetAt, HoldPerson SetBy, string? Reason, DateTimeOffset? LiftedAt, HoldPerson? LiftedBy, DateTimeOffset? DisposeAt);

/// <summary>Matters and what they hold, opened for their readers.</summary>
internal sealed class MatterReading(VaultDbContext db, TenantKeys keys, MemberDirectory members, RecordingTitles titles, Cursors cursors)
{
    private const string Listed = "matters";

    /// <summary>The newest first; null where the cursor is none of this list.</summary>
    /// <param name="isOpen">Null: both.</param>
    public async Task<PageResponse<MatterResponse>?> PageAsync(bool? isOpen, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.Matters.AsNoTracking().Where(matter => isOpen == null || matter.ClosedAt == null == isOpen);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(Listed, db.TenantId, cursor, out var after))
                return null;
            query = query.Where(matter => matter.OpenedAt < after.Time || (matter.OpenedAt == after.Time && matter.Id.CompareTo(after.Id) < 0));
        }

        var rows = await query.OrderByDescending(matter => matter.OpenedAt).ThenByDescending(matter => matter.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<MatterResponse>(
            await OpenAsync([.. rows.Take(limit)], cancellationToken), rows.Count > limit ? cursors.Write(Listed, db.TenantId, new PagePlace(rows[limit - 1].OpenedAt, rows[limit - 1].Id)) : null);
    }

    public async Task<MatterResponse?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await db.Matters.AsNoTracking().SingleOrDefaultAsync(matter => matter.Id == id, cancellationToken) is { } row ? (await OpenAsync([row], cancellationToken))[0] : null;

    /// <summary>What a form lets one choose, by name.</summary>
    public async Task<IReadOnlyList<HoldMatter>> OpenOnesAsync(CancellationToken cancellationToken)
    {
        var rows = await db.Matters.AsNoTracking().Where(matter => matter.ClosedAt == null).OrderByDescending(matter => matter.OpenedAt).Take(HoldProblems.MostOpen).ToListAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return [.. rows.Select(matter => new HoldMatter(matter.Id, matter.Name.Open(key, matter.TenantId, matter.Id, Matter.NameColumn))).OrderBy(matter => matter.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>What a matter holds and has held, or by what a recording is and was held: the newest first. Null where the cursor is none of this list.</summary>
    /// <param name="isStanding">Null: both.</param>
    public async Task<PageResponse<HoldResponse>?> HoldsAsync(Guid? matterId, Guid? recordingId, bool? isStanding, bool withReasons, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = $"holds.{matterId ?? recordingId}";
        var query = db.LegalHolds.AsNoTracking().Where(hold => (matterId == null || hold.MatterId == matterId) && (recordingId == null || hold.RecordingId == recordingId) && (isStanding == null || hold.LiftedAt == null == isStanding));
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(list, db.TenantId, cursor, out var after))
                return null;
            query = query.Where(hold => hold.SetAt < after.Time || (hold.SetAt == after.Time && hold.Id.CompareTo(after.Id) < 0));
        }

        var rows = await query.Where(hold => db.Recordings.Any(recording => recording.Id == hold.RecordingId && !recording.IsBeingDestroyed))
            .OrderByDescending(hold => hold.SetAt).ThenByDescending(hold => hold.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return new PageResponse<HoldResponse>(
            await OpenAsync([.. rows.Take(limit)], withReasons, cancellationToken), rows.Count > limit ? cursors.Write(list, db.TenantId, new PagePlace(rows[limit - 1].SetAt, rows[limit - 1].Id)) : null);
    }

    private async Task<IReadOnlyList<MatterResponse>> OpenAsync(IReadOnlyList<Matter> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var counts = await db.LegalHolds.Where(hold => ids.Contains(hold.MatterId) && hold.LiftedAt == null).GroupBy(hold => hold.MatterId).Select(holds => new { holds.Key, Count = holds.Count() })
            .ToDictionaryAsync(holds => holds.Key, holds => holds.Count, cancellationToken);
        var names = await NamesAsync(rows.SelectMany(row => new[] { row.OpenedBy, row.ClosedBy ?? row.OpenedBy }), cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return [.. rows.Select(row =>
        {
            var holds = counts.GetValueOrDefault(row.Id);
            return new MatterResponse(
                row.Id, row.Name.Open(key, row.TenantId, row.Id, Matter.NameColumn), row.Note?.Open(key, row.TenantId, row.Id, Matter.NoteColumn), row.ClosedAt is null ? "open" : holds > 0 ? "closing" : "closed",
                row.OpenedAt, Person(row.OpenedBy, names), row.ClosedAt, row.ClosedBy is { } closer ? Person(closer, names) : null, holds);
        })];
    }

    private async Task<IReadOnlyList<HoldResponse>> OpenAsync(IReadOnlyList<LegalHold> rows, bool withReasons, CancellationToken cancellationToken)
    {
        var recordings = rows.Select(row => row.RecordingId).Distinct().ToList();
        var matterIds = rows.Select(row => row.MatterId).Distinct().ToList();
        var shown = await titles.OfAsync(recordings, cancellationToken);
        var dates = await db.RecordingDisposals.AsNoTracking().Where(row => recordings.Contains(row.RecordingId)).Select(row => new { row.RecordingId, row.DisposeAt }).ToDictionaryAsync(row => row.RecordingId, row => row.DisposeAt, cancellationToken);
        var matters = await db.Matters.AsNoTracking().Where(matter => matterIds.Contains(matter.Id)).ToListAsync(cancellationToken);
        var names = await NamesAsync(rows.SelectMany(row => new[] { row.SetBy, row.LiftedBy ?? row.SetBy }), cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var called = matters.ToDictionary(matter => matter.Id, matter => new HoldMatter(matter.Id, matter.Name.Open(key, matter.TenantId, matter.Id, Matter.NameColumn)));
        var opened = new List<HoldResponse>();
        foreach (var row in rows)
        {
            using var own = await keys.RecordingKeyAsync(row.RecordingId, cancellationToken);
            opened.Add(new HoldResponse(
                row.Id, row.RecordingId, shown.GetValueOrDefault(row.RecordingId) ?? "", called[row.MatterId], row.SetAt, Person(row.SetBy, names),
                withReasons ? row.Reason?.Open(own, row.TenantId, row.Id, LegalHold.ReasonColumn) : null, row.LiftedAt, row.LiftedBy is { } lifter ? Person(lifter, names) : null, dates.GetValueOrDefault(row.RecordingId)));
        }

        return opened;
    }

    private async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IEnumerable<Guid> people, CancellationToken cancellationToken)
    {
        var ids = people.Distinct().ToList();
        return (await db.Users.AsNoTracking().Where(member => ids.Contains(member.Id)).ToListAsync(cancellationToken)).ToDictionary(member => member.Id, members.NameOf);
    }

    private static HoldPerson Person(Guid id, IReadOnlyDictionary<Guid, string> names) => new(id, names.GetValueOrDefault(id));
}
