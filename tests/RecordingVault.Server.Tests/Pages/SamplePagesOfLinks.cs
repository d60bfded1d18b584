using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Sharing.Links;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfLinks
{
    private static readonly Guid s_recording = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c01");

    private static readonly PageFrame s_frame = SamplePages.Frame with { Current = NavEntry.Links };

    private static readonly string[] s_states = ["waiting", "running", "done", "failed"];

    private static readonly LinkLine s_claire = Line("Claire Dubois", "Quarterly review with Anna") with { Note = "She asked for it by telephone." };

    private static readonly LinksPageModel s_live = new()
    {
        Frame = s_frame,
        LiveCount = 7,
        EarlierCursor = "OTEwMA",
        Links =
        [
            s_claire,
            Line("Anna Lindqvist", "Quarterly review with Anna") with { OpenedAt = SamplePages.Now.AddHours(-1), Viewings = 2, WatchedPercent = 92, LastWatchedAt = SamplePages.Now.AddHours(-1) },
            Line("Sam Weber", "Coaching session 6") with { OpenedAt = SamplePages.Now.AddHours(-3) },
            Line(null, "Offsite debrief") with { HasPasscode = false, AllowsDownload = true, OpenedAt = SamplePages.Now.AddHours(-2), Viewings = 1, WatchedPercent = 100, LastWatchedAt = SamplePages.Now.AddHours(-2), FetchedWhole = true },
            Line("Jonas Weber-Hollenstein von der Burgallee", "A-title-that-somebody-wrote-without-a-single-blank-in-all-of-it-to-see-what-the-page-does") with { State = LinkLineState.Locked },
        ],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("links", typeof(LinksPage), s_live),
        new("links-ended", typeof(LinksPage), s_live with
        {
            Choice = LinkChoice.Ended,
            IsNewest = false,
            EarlierCursor = null,
            Links =
            [
                Line("Tomasz Wilk", "Coaching session 5") with { State = LinkLineState.Ended, ExpiresAt = SamplePages.Now.AddDays(-3) },
                Line("Ben Okafor", "Coaching session 5") with { State = LinkLineState.Stopped, StoppedAt = SamplePages.Now.AddDays(-1), OpenedAt = SamplePages.Now.AddDays(-2), Viewings = 1, LastWatchedAt = SamplePages.Now.AddDays(-2) },
                Line("Mira Sand", "Intro call") with { State = LinkLineState.InTrash },
            ],
        }),
        new("links-stopped", typeof(LinksPage), s_live with { Links = [], LiveCount = 0, EarlierCursor = null, AllWereStopped = true }),
        new("links-never-opened", typeof(LinksPage), s_live with { Links = [], Choice = LinkChoice.NeverOpened, EarlierCursor = null }),
        new("links-none-ended", typeof(LinksPage), s_live with { Links = [], Choice = LinkChoice.Ended, EarlierCursor = null }),
        new("links-stop", typeof(StopAllLinksPage), new StopAllLinksPageModel(s_frame, 7, 2)),
        new("links-stop-recording", typeof(StopAllLinksPage), new StopAllLinksPageModel(s_frame, 3, 0, new(Guid.Empty, "Quarterly review"))),
        new("links-stop-recipient", typeof(StopAllLinksPage), new StopAllLinksPageModel(s_frame, 3, 1) { Recipient = "Claire Dubois <b>" }),
        new("links-stop-recipient-nothing", typeof(StopAllLinksPage), new StopAllLinksPageModel(s_frame, 0, 0) { Recipient = "Claire Dubois" }),
        new("links-stopped-recipient", typeof(LinksPage), s_live with { StoppedOfOne = 3 }),
        new("links-stop-nothing", typeof(StopAllLinksPage), new StopAllLinksPageModel(s_frame, 0, 0)),
        new("link", typeof(LinkPage), Page(s_claire) with { WasChanged = true }),
        new("link-refused", typeof(LinkPage), Page(s_claire) with { Error = "Write the new passcode.", Form = new LinkForm { Passcode = "", PasscodeIs = "new", Days = "custom", Until = "2026-12-04T18:00" } }),
        new("link-stale", typeof(LinkPage), Page(s_claire) with { Error = "This opens more than was open.", NeedsSignIn = true }),
        new("link-stopped", typeof(LinkPage), Page(s_claire with { State = LinkLineState.Stopped, StoppedAt = SamplePages.Now })),
        new("link-locked", typeof(LinkPage), Page(s_claire with { State = LinkLineState.Locked, RecipientName = null })),
        new("link-in-trash", typeof(LinkPage), Page(s_claire with { State = LinkLineState.InTrash })),
        new("link-ended", typeof(LinkPage), Page(s_claire with { State = LinkLineState.Ended, HasPasscode = false })),
        .. s_states.Select(state => new SamplePage($"link-mark-{state}", typeof(LinkPage), Marked(state))),
        new("link-renewed", typeof(LinkPage), Page(s_claire) with
        {
            Made = new MadeLink($"https://vault.marsh-coaching.example/s/{s_claire.Id}#9f2c41d08e1b6a55c3f077ab", "Claire Dubois", SamplePages.Now.AddDays(10), false, null) { AsksForPasscode = true },
        }),
    ];

    private static LinkPageModel Marked(string state)
    {
        var page = Page(s_claire with { Mark = new LinkMark(Slate: true, Corner: true, "de", state, 42, state == "failed" ? MakingWords.Of("broken-file") : null) });
        return page with { CanMark = true, Form = page.Form with { Slate = true, Corner = true, MarkLanguage = "de" } };
    }

    private static LinkPageModel Page(LinkLine link) => new()
    {
        Frame = s_frame,
        Link = link,
        Form = new LinkForm { RecipientName = link.RecipientName ?? "", Note = link.Note ?? "", Passcode = "maple-river-42" },
    };

    private static LinkLine Line(string? name, string title) => new()
    {
        Id = Guid.CreateVersion7(SamplePages.Now),
        RecordingId = s_recording,
        RecordingTitle = title,
        RecipientName = name,
        State = LinkLineState.Live,
        ExpiresAt = SamplePages.Now.AddDays(10),
        MadeBy = "Helen Marsh",
        MadeAt = SamplePages.Now.AddHours(-4),
        HasPasscode = true,
    };
}
