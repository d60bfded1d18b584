using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>The pages of schedules, of what waits to change them, and of how long one recording is kept.</summary>
internal static class SamplePagesOfRetention
{
    private static readonly PageFrame s_frame = SamplePages.Frame with { Current = NavEntry.Library };
    private static readonly Guid s_id = new("0192f000-0000-7000-8000-0000000000c1");

    private static ChangeResponse Change => new(
        new Guid("0192f000-0000-7000-8000-0000000000c2"), s_id, "Coaching <b>", false, "P30D", "P50D", "destroy", 30, "Less is better. <b>", new SchedulePerson(Guid.Empty, "Helen Marsh <i>"), SamplePages.Now.AddHours(-3),
        SamplePages.Now.AddDays(7), "waiting", null, null, null);

    private static ScheduleResponse Schedule => new(
        s_id, "Coaching <b>", "label", "confidential", null, "recorded", "P30D", "P100D", "destroy", 30, SamplePages.Now, "Kept at least 30 days, goes 100 days after the meeting, then 30 days in the trash.", Change);

    private static ScheduleFormPageModel Form => new()
    {
        Frame = s_frame,
        Form = ScheduleForm.New with { Name = "Coaching <b>", KeepCount = "30", DisposeCount = "100", Action = "destroy" },
        Targets = [("tenant", "All recordings"), ("label:confidential", "Recordings that are confidential")],
    };

    private static PreviewResponse Found => new(
        12, 2, 3, 1, 4, 6, 12_000_000_000, SamplePages.Now, SamplePages.Now.AddDays(200), true, [new PreviewRecording(SamplePages.Tenant, "Session with Anna <b>", SamplePages.Now), new PreviewRecording(s_id, "Team retro", SamplePages.Now.AddDays(3))]);

    private static ChangePageModel Asked => new() { Frame = s_frame, Change = Change, Schedule = Schedule, Wanted = "Kept at least 30 days, goes 50 days after the meeting.", IsReaders = false };

    private static KeepingPageModel Kept => new()
    {
        Frame = s_frame,
        Id = SamplePages.Tenant,
        Title = "Session with Anna <b>",
        Sentence = "It is kept until 11 April 2026, since “Coaching” says 100 days after the meeting; then it lies in the trash for 30 days and goes.",
        Rules = [new KeepingLine("Coaching <b>", "Goes 100 days after the meeting.", SamplePages.Now), new KeepingLine("Disputes", "Kept at least 1 year after its last matter was closed.", null)],
        MayManage = true,
    };

    private static readonly string[] s_fields = ["name", "target", "keepAtLeast", "disposeAfter", "graceInDays", "reason"];

    public static IEnumerable<SamplePage> All =>
    [
        new("schedules", typeof(SchedulesPage), new SchedulesPageModel { Frame = s_frame, Schedules = [Schedule, Schedule with { Id = SamplePages.Tenant, Waiting = null, Scope = "collection", TargetName = "Keller <b>" }], Changes = [Change, Change with { Id = Guid.Empty, ScheduleName = null, Removes = true, State = "in-force" }], MayManage = true }),
        new("schedules-read", typeof(SchedulesPage), new SchedulesPageModel { Frame = s_frame, Schedules = [Schedule], MayManage = false }),
        new("schedules-empty", typeof(SchedulesPage), new SchedulesPageModel { Frame = s_frame, Schedules = [], MayManage = true }),
        new("schedule-new", typeof(ScheduleFormPage), Form),
        new("schedule-shown", typeof(ScheduleFormPage), Form with { Preview = Found, Shown = "x", IsShownAgain = true }),
        new("schedule-shown-nothing", typeof(ScheduleFormPage), Form with { Preview = new PreviewResponse(0, 0, 0, 0, 0, 0, 0, null, null, false, []) }),
        new("schedule-change", typeof(ScheduleFormPage), Form with { Id = s_id, Waiting = Change, Preview = Found }),
        new("schedule-removal", typeof(ScheduleFormPage), Form with { Id = s_id, IsRemoving = true, Preview = Found with { From = null, To = null } }),
        new("schedule-sign-in", typeof(ScheduleFormPage), Form with { Error = "Sign in again.", NeedsSignIn = true, Preview = Found }),
        .. s_fields.Select(wrong => new SamplePage($"schedule-wrong-{wrong}", typeof(ScheduleFormPage), Form with { Error = "Say it otherwise.", ErrorField = wrong })),
        new("schedule-waiting", typeof(ChangePage), Asked),
        new("schedule-waiting-own", typeof(ChangePage), Asked with { IsReaders = true }),
        new("schedule-waiting-refused", typeof(ChangePage), Asked with { Word = "Fine <b>", WordError = "Say why you decide so.", Error = "Sign in again.", NeedsSignIn = true }),
        new("schedule-declined", typeof(ChangePage), Asked with { Change = Change with { State = "declined", DecidedBy = new SchedulePerson(Guid.Empty, null), EndedAt = SamplePages.Now, Word = "No. <b>" } }),
        new("schedule-gone", typeof(ChangePage), Asked with { Schedule = null, Change = Change with { ScheduleName = null, Removes = true, State = "stale" } }),
        new("keeping", typeof(KeepingPage), Kept),
        new("keeping-own", typeof(KeepingPage), Kept with { OwnSchedule = s_id }),
        new("keeping-none", typeof(KeepingPage), Kept with { Rules = [], MayManage = false }),
    ];
}
