using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>Gathers what the pages of schedules show.</summary>
internal sealed class SchedulePages(VaultDbContext db, ScheduleReading reading, KeepingReading keeping, TenantKeys keys, RecordingTitles titles, PageFrames frames)
{
    public const string Path = "/retention/schedules";
    public const string ChangesPath = "/retention/changes";

    private const int ChangesShown = 20;

    private static readonly string[] s_sources = [.. Enum.GetValues<RecordingSource>().Select(source => source.Name()), RecordingSources.Other];

    public static bool MayManage(HttpContext http) => http.User.RoleInTenant() is Role.Owner or Role.Admin;

    public async Task<SchedulesPageModel> ListAsync(HttpContext http, CancellationToken cancellationToken) => new()
    {
        Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
        Schedules = await reading.WideAsync(cancellationToken),
        Changes = MayManage(http) ? (await reading.ChangesAsync(ChangesShown, cursor: null, cancellationToken))!.Items : [],
        MayManage = MayManage(http),
    };

    /// <summary>Null where the recording is not there.</summary>
    public async Task<ScheduleFormPageModel?> NewAsync(Guid? recording, HttpContext http, CancellationToken cancellationToken)
    {
        if (recording is not { } id)
            return await FormAsync(ScheduleForm.New, await TargetsAsync(cancellationToken), http, cancellationToken);
        return (await titles.OfAsync([id], cancellationToken)).GetValueOrDefault(id) is { } title
            ? await FormAsync(ScheduleForm.New with { For = $"recording:{id}", Name = "For this recording alone" }, [($"recording:{id}", $"“{title}” alone")], http, cancellationToken)
            : null;
    }

    /// <summary>Null where it is not there.</summary>
    public async Task<ScheduleFormPageModel?> OneAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(id, cancellationToken) is not { } schedule)
            return null;
        var target = schedule.Target is null ? schedule.Scope : $"{schedule.Scope}:{schedule.Target}";
        var (keep, dispose) = (Split(schedule.KeepAtLeast), Split(schedule.DisposeAfter));
        var form = new ScheduleForm(
            schedule.Name, target, schedule.Trigger, keep.Count, keep.Unit, dispose.Count, dispose.Unit, schedule.Action, schedule.GraceInDays.ToString(System.Globalization.CultureInfo.InvariantCulture), "");
        return await FormAsync(form, [(target, ScheduleWords.For(schedule.Scope, schedule.Target, schedule.TargetName))], http, cancellationToken) with { Id = id, Waiting = schedule.Waiting };
    }

    public async Task<ChangePageModel?> ChangeAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if (await reading.ChangeAsync(id, cancellationToken) is not { } change)
            return null;
        var row = await db.RetentionSchedules.AsNoTracking().SingleOrDefaultAsync(schedule => schedule.Id == change.Schedule, cancellationToken);
        return new ChangePageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
            Change = change,
            Schedule = row is null ? null : await reading.FindAsync(row.Id, cancellationToken),
            Wanted = change.Removes || row is null ? null : ScheduleWords.Rule(row.Rule with
            {
                KeepAtLeast = change.KeepAtLeast is { } keep ? RetentionPeriod.Parse(keep) : null,
                DisposeAfter = change.DisposeAfter is { } dispose ? RetentionPeriod.Parse(dispose) : null,
                Action = RetentionWords.ActionOf(change.Action) ?? DisposalAction.Review,
                GraceInDays = change.GraceInDays ?? 0,
            }),
            IsReaders = change.AskedBy.Id == http.User.MemberId(),
        };
    }

    public async Task<KeepingPageModel?> KeepingAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if (await keeping.OfAsync(id, cancellationToken) is not { } kept)
            return null;
        return new KeepingPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
            Id = id,
            Title = (await titles.OfAsync([id], cancellationToken)).GetValueOrDefault(id) ?? "",
            Sentence = kept.Sentence,
            Rules = [.. kept.Rules.Select(rule => new KeepingLine(rule.Name, ScheduleWords.Rule(rule.Rule), rule.CountsFrom))],
            OwnSchedule = await reading.OwnAsync(id, cancellationToken),
            MayManage = MayManage(http),
        };
    }

    private async Task<ScheduleFormPageModel> FormAsync(ScheduleForm form, IReadOnlyList<(string Value, string Words)> targets, HttpContext http, CancellationToken cancellationToken) => new()
    {
        Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
        Form = form,
        Targets = targets,
    };

    private async Task<IReadOnlyList<(string Value, string Words)>> TargetsAsync(CancellationToken cancellationToken)
    {
        using var key = await keys.DataKeyAsync(cancellationToken);
        var collections = await db.Collections.AsNoTracking().OrderBy(collection => collection.Id).Take(ScheduleProblems.MostSchedules).ToListAsync(cancellationToken);
        return
        [
            ("tenant", ScheduleWords.For("tenant", null, null)),
            .. s_sources.Select(source => ($"source:{source}", ScheduleWords.For("source", source, null))),
            .. Enum.GetValues<ConfidentialityLabel>().Select(label => ($"label:{label.Name()}", ScheduleWords.For("label", label.Name(), null))),
            .. collections.Select(row => ($"collection:{row.Id}", ScheduleWords.For("collection", null, row.Name.Open(key, row.TenantId, row.Id, Collection.NameColumn)))),
        ];
    }

    private static (string Count, string Unit) Split(string? period) => period is null ? ("", "D") : (period[1..^1], period[^1..]);
}
