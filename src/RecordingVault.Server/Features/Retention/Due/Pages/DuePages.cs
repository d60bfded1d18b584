using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Due.Pages;

/// <summary>Gathers what the page of retention shows; each list ends after a page, and says how many there are in all.</summary>
internal sealed class DuePages(VaultDbContext db, TenantKeys keys, DueReading reading, RecordingTitles titles, PageFrames frames, TimeProvider time)
{
    private const int OnPage = 25;
    private const int InTrash = 10;

    public static async Task<IResult> Show(string? day, string? after, HttpContext http, DuePages pages, CancellationToken cancellationToken)
    {
        DateOnly? chosen = null;
        if (day is { Length: > 0 })
        {
            if (!ZonedDays.TryDay(day, out var read))
                return TypedResults.LocalRedirect(DueRoutes.Path);
            chosen = read;
        }

        return await pages.ModelAsync(chosen, after, http, cancellationToken) is { } model ? PageAnswers.Page<DuePage>(model) : TypedResults.LocalRedirect(DueRoutes.Path);
    }

    /// <summary>Null where the cursor is none of this list.</summary>
    private async Task<DuePageModel?> ModelAsync(DateOnly? day, string? after, HttpContext http, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var filter = day is { } only ? new DueFilter(Begin(only), Begin(only.AddDays(1))) : new DueFilter();
        if (await reading.PageAsync(filter with { OnlyWhatGoes = true }, OnPage, after, cancellationToken) is not { } soon)
            return null;
        var waiting = await reading.WaitingAsync(OnPage, cancellationToken);
        var held = await HeldAsync(cancellationToken);
        var trashed = db.Recordings.AsNoTracking().Where(recording => recording.TrashedAt != null && !recording.IsBeingDestroyed);
        var trash = await trashed.OrderBy(recording => recording.TrashedAt).ThenBy(recording => recording.Id).Take(InTrash).ToListAsync(cancellationToken);
        var names = await titles.OfAsync([.. soon.Items.Concat(waiting).Select(due => due.Recording).Concat(held.Select(hold => hold.RecordingId)).Concat(trash.Select(recording => recording.Id)).Distinct()], cancellationToken);
        var (_, until) = DueMonths.Span(today);
        return new DuePageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
            Now = now,
            InAMonth = await reading.CountAsync(new DueFilter(Until: now.AddDays(30)) { OnlyWhatGoes = true }, cancellationToken),
            Soon = Lines(soon.Items, names, now),
            LaterCursor = soon.NextCursor,
            Day = day,
            IsFirst = string.IsNullOrEmpty(after),
            Waiting = Lines(waiting, names, now),
            WaitingInAll = await DueRows.Waiting(db).CountAsync(cancellationToken),
            Held = await LinesAsync(held, names, cancellationToken),
            HeldInAll = await db.LegalHolds.CountAsync(hold => hold.LiftedAt == null, cancellationToken),
            Trash = [.. trash.Select(recording => new TrashLine(recording.Id, names.GetValueOrDefault(recording.Id) ?? "", recording.GoesAt!.Value))],
            TrashInAll = await trashed.CountAsync(cancellationToken),
            Calendar = DueMonths.Of(today, await reading.DaysAsync(Begin(today), Begin(until), cancellationToken)),
            LastRun = await LastRunAsync(cancellationToken),
            NextRun = RunBook.Night(now).AddDays(1),
            Wrong = await RunLook.WrongAsync(db, now, cancellationToken),
        };
    }

    private Task<List<LegalHold>> HeldAsync(CancellationToken cancellationToken) =>
        db.LegalHolds.AsNoTracking().Where(hold => hold.LiftedAt == null).OrderByDescending(hold => hold.SetAt).ThenBy(hold => hold.Id).Take(OnPage).ToListAsync(cancellationToken);

    private async Task<IReadOnlyList<HeldLine>> LinesAsync(List<LegalHold> held, IReadOnlyDictionary<Guid, string> names, CancellationToken cancellationToken)
    {
        var (recordings, matterIds) = (held.Select(hold => hold.RecordingId).ToList(), held.Select(hold => hold.MatterId).Distinct().ToList());
        var days = await db.RecordingDisposals.AsNoTracking().Where(row => recordings.Contains(row.RecordingId)).ToDictionaryAsync(row => row.RecordingId, row => row.DisposeAt, cancellationToken);
        var matters = await db.Matters.AsNoTracking().Where(matter => matterIds.Contains(matter.Id)).ToDictionaryAsync(matter => matter.Id, matter => matter.Name, cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return
        [
            .. held.Select(hold => new HeldLine(
                hold.RecordingId, names.GetValueOrDefault(hold.RecordingId) ?? "", hold.MatterId, matters[hold.MatterId].Open(key, db.TenantId, hold.MatterId, Matter.NameColumn), hold.SetAt, days.GetValueOrDefault(hold.RecordingId))),
        ];
    }

    private async Task<RunResponse?> LastRunAsync(CancellationToken cancellationToken) =>
        await db.RetentionRuns.AsNoTracking().Where(run => run.EndedAt != null).OrderByDescending(run => run.StartedAt)
            .Select(run => new RunResponse(run.Id, run.StartedAt, run.EndedAt, run.Reckoned, run.Warned, run.Trashed, run.ForReview, run.HeldBack, run.Failed)).FirstOrDefaultAsync(cancellationToken);

    private static IReadOnlyList<DueLine> Lines(IEnumerable<DueResponse> rows, IReadOnlyDictionary<Guid, string> names, DateTimeOffset now) =>
        [.. rows.Select(due => new DueLine(due, names.GetValueOrDefault(due.Recording) ?? "", due.GoesAt(now)))];

    private static DateTimeOffset Begin(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
