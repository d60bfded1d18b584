using RecordingVault.Server.Features.Retention.Due;
using RecordingVault.Server.Features.Retention.Due.Feed;
using RecordingVault.Server.Features.Retention.Due.Keep;
using RecordingVault.Server.Features.Retention.Due.Pages;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>What ends when, keeping it longer, and the calendar that programs read.</summary>
internal static class SamplePagesOfDue
{
    private static readonly PageFrame s_frame = SamplePages.Frame with { Current = NavEntry.Retention };

    private static readonly DateOnly s_today = DateOnly.FromDateTime(SamplePages.Now.UtcDateTime);

    private static DueLine Line(int number, int days, string action = "destroy", bool isWaiting = false) => new(
        new DueResponse(new Guid($"0192f000-0000-7000-8000-{number:000000000000}"), SamplePages.Now.AddDays(days), action, new DueSchedule(Guid.Empty, number == 2 ? null : "Coaching, 100 days <b>"), SamplePages.Now.AddDays(-3), null, IsHeld: false, isWaiting ? SamplePages.Now.AddDays(-1) : null),
        $"Coaching session {number} <i>", SamplePages.Now.AddDays(days));

    private static DuePageModel Page => new()
    {
        Frame = s_frame,
        Now = SamplePages.Now,
        InAMonth = 7,
        Soon = [Line(1, 3), Line(2, 3), Line(3, 6), Line(4, 10, "review")],
        LaterCursor = "MjAyNi0xMQ",
        Waiting = [Line(5, -1, "review", isWaiting: true)],
        WaitingInAll = 3,
        Held = [new HeldLine(Guid.Empty, "Interview Keller <b>", SamplePages.Tenant, "Hartmann <i>", SamplePages.Now.AddDays(-5), SamplePages.Now.AddDays(-20))],
        HeldInAll = 30,
        Trash = [new TrashLine(Guid.Empty, "Sound check", SamplePages.Now.AddDays(21))],
        TrashInAll = 12,
        Calendar = DueMonths.Of(s_today, [(s_today.AddDays(3), 2), (s_today.AddDays(6), 1), (s_today.AddDays(17), 3)]),
        LastRun = new RunResponse(Guid.Empty, SamplePages.Now.AddHours(-11), SamplePages.Now.AddHours(-11), 4, 2, 1, 1, 2, 0),
        NextRun = SamplePages.Now.AddHours(13),
    };

    private static DuePageModel Bare => new() { Frame = s_frame, Now = SamplePages.Now, Calendar = DueMonths.Of(s_today, []), NextRun = SamplePages.Now.AddHours(13) };

    private static KeepPageModel Keep => new() { Frame = s_frame, Kept = new KeepResponse(SamplePages.Tenant, null, null, null, null, SamplePages.Now.AddDays(9), null), Name = "Quarterly review <b>", MayEnd = true };

    private static FeedPageModel Feed => new() { Frame = s_frame, Feeds = [], Address = "https://vault.example/calendar/due.ics", MayMake = true };

    public static IEnumerable<SamplePage> All =>
    [
        new("retention", typeof(DuePage), Page),
        new("retention-empty", typeof(DuePage), Bare),
        new("retention-day", typeof(DuePage), Bare with { Day = s_today, InAMonth = 1 }),
        new("retention-wrong", typeof(DuePage), Page with { Wrong = new WrongRun("The nightly run of retention", "has not ended for more than a day."), LastRun = Page.LastRun! with { Failed = 2 }, IsFirst = false }),
        new("retention-viewer", typeof(DuePage), Page with { Frame = s_frame with { Member = new PageMember("Ben Okafor", "Viewer") } }),
        new("keep", typeof(KeepPage), Keep),
        new("keep-kept", typeof(KeepPage), Keep with { Kept = new KeepResponse(SamplePages.Tenant, SamplePages.Now.AddYears(1), new KeepPerson(Guid.Empty, "Helen <i>"), SamplePages.Now, "The case goes on. <b>", SamplePages.Now.AddYears(1), SamplePages.Now.AddYears(1)) }),
        new("keep-refused", typeof(KeepPage), Keep with { Form = new KeepForm { Until = "2020-01-01", Reason = "Fine <b>", UntilError = "That is over already.", ReasonError = "Say why.", Error = "Sign in again.", NeedsSignIn = true } }),
        new("keep-several", typeof(KeepChosenPage), new KeepChosenPageModel { Frame = s_frame, Recordings = [new(Guid.Empty, "Quarterly review <b>"), new(SamplePages.Tenant, "Team retro")], Form = new KeepForm { ReasonError = "Say why." } }),
        new("calendar", typeof(FeedPage), Feed),
        new("calendar-made", typeof(FeedPage), Feed with { Made = new MadeFeed(SamplePages.Tenant.ToString(), "a-password-that-is-shown-once"), Feeds = [new(SamplePages.Tenant, SamplePages.Now, null), new(Guid.Empty, SamplePages.Now.AddDays(-40), SamplePages.Now.AddHours(-1))] }),
        new("calendar-full", typeof(FeedPage), Feed with { MayMake = false, Error = "You have three calendar addresses already." }),
    ];
}
