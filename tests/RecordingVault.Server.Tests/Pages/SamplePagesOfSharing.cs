using System.Globalization;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Sharing.Several;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfSharing
{
    private const string Title = "Quarterly review with Anna";

    private static readonly Guid s_id = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c01");

    private static readonly SealFacts s_seal = SamplePagesOfRecordings.SealOf(Title);

    private static readonly RecordingPageModel s_recording = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Library },
        Id = s_id,
        Title = Title,
        RecordedAt = SamplePages.Now.AddHours(-4),
        People = ["Anna Lindqvist", "Ben Okafor", "Helen Marsh"],
        Said = [new("Anna Lindqvist", "given"), new("Ben Okafor", "refused"), new("Helen Marsh", "unknown")],
        IsShownOutside = false,
        Player = Player("video/mp4"),
        Seal = s_seal,
        File = new RecordingFile { Name = "GMT20261124-100012_Recording.mp4", SizeInBytes = 1_612_000_000, MediaType = "video/mp4", SafeSince = SamplePages.Now.AddHours(-3), DownloadHref = $"/recordings/{s_id}/download", VerifiedAt = SamplePages.Now.AddHours(-2), Beside = ["sound", "chat"] },
        LiveLinks = 3,
        Share = Form,
        CanRename = true,
        Keeping = "It is kept until 11 April 2026, since “Coaching <b>” says 100 days after the meeting.",
        Activity =
        [
            new AuditPageEvent { Number = 31, Time = SamplePages.Now.AddHours(-1), Type = "viewing.started", Actor = new AuditPageActor("share", "Anna Lindqvist"), Target = new AuditPageThing("share", s_id) },
            new AuditPageEvent { Number = 30, Time = SamplePages.Now.AddHours(-2), Type = "content.refused", Actor = new AuditPageActor("share", null), Target = new AuditPageThing("recording", s_id), IsRefused = true },
            new AuditPageEvent { Number = 29, Time = SamplePages.Now.AddHours(-4), Type = "recording.created", Actor = new AuditPageActor("member", "Helen Marsh", IsReader: true), Target = new AuditPageThing("recording", s_id) },
        ],
        Links =
        [
            Link("Anna Lindqvist") with { Viewings = 2, WatchedPercent = 92, LastWatchedAt = SamplePages.Now.AddHours(-1), Parts = [.. Enumerable.Range(0, 100).Select(part => part < 92 ? 1 + (part / 30) : 0)] },
            Link("Sam Weber") with { Viewings = 1, WatchedPercent = 100, LastWatchedAt = SamplePages.Now.AddHours(-2), AllowsDownload = true, FetchedWhole = true },
            Link("Claire Dubois") with { HasPasscode = false },
            Link("Ben Okafor") with { IsLocked = true },
            Link(null) with { State = LinkState.Ended, ExpiresAt = SamplePages.Now.AddDays(-3) },
            Link("Jonas Weber-Hollenstein von der Burgallee") with { State = LinkState.Stopped, StoppedAt = SamplePages.Now.AddDays(-1), Viewings = 1, WatchedPercent = 3 },
        ],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("recording", typeof(RecordingPage), s_recording),
        new("recording-audio", typeof(RecordingPage), s_recording with { Player = Player("audio/mp4") with { Poster = null, Thumbnails = null, Captions = [], Chapters = [] }, Links = [], Share = null, CanRename = false }),
        new("recording-languages", typeof(RecordingPage), s_recording with { Player = Player("video/mp4") with { Captions = [new PlayerCaptions("/captions/eng", "eng"), new PlayerCaptions("/captions/und", "und")], Chapters = [], Position = TimeSpan.FromSeconds(1113) } }),
        new("recording-chapters", typeof(RecordingPage), s_recording with { Player = Player("video/mp4") with { Captions = [] } }),
        new("recording-earlier-links", typeof(RecordingPage), s_recording with { LiveLinks = 128, EarlierLinks = "CfDJ8 and so on", AreNewestLinks = false }),
        new("recording-making", typeof(RecordingPage), s_recording with { Making = new RecordingMaking(42, null) }),
        new("recording-moving", typeof(RecordingPage), s_recording with { Moving = new RecordingMoving(IsComing: true, 42, null, s_id) }),
        new("recording-moving-away", typeof(RecordingPage), s_recording with { Moving = new RecordingMoving(IsComing: false, 100, "They are ready, and move as soon as what is being made of them for browsers is done.", s_id) }),
        new("recording-not-moved", typeof(RecordingPage), s_recording with { Moving = new RecordingMoving(IsComing: true, null, "One of the two recordings was moved to the trash meanwhile.", s_id) }),
        new("recording-merged", typeof(RecordingPage), s_recording with { Player = null, MergedInto = s_id, GoneAt = SamplePages.Now.AddDays(30) }),
        new("recording-failed", typeof(RecordingPage), s_recording with { Making = new RecordingMaking(0, MakingWords.Of("broken-file")) }),
        new("recording-arriving", typeof(RecordingPage), s_recording with { Player = null, Arrival = new RecordingArrival(920_000_000, 1_612_000_000), Seal = new SealFacts(), Links = [], File = s_recording.File with { SafeSince = null, DownloadHref = null } }),
        new("recording-arriving-unknown", typeof(RecordingPage), s_recording with { Player = null, Arrival = new RecordingArrival(920_000_000, null), Seal = new SealFacts(), Links = [], File = s_recording.File with { SafeSince = null, DownloadHref = null } }),
        new("share-chosen", typeof(ShareChosenPage), Several with { Error = "Say for whom: several links for nobody in particular can't be told apart later." }),
        new("share-chosen-made", typeof(ShareChosenPage), Several with
        {
            RecipientName = "Claire Dubois",
            ExpiresAt = SamplePages.Now.AddDays(14),
            Passcode = "maple-river-canyon-42",
            Made = [new MadeOfSeveral(s_id, Title, $"https://vault.example/s/{s_id}#AbC"), new MadeOfSeveral(Guid.Empty, "Kick-off <b>", $"https://vault.example/s/{Guid.Empty}#dEf")],
        }),
        new("share", typeof(SharePage), new SharePageModel { Frame = s_recording.Frame, RecordingId = s_id, Title = Title, Form = Form with { Error = "The end of the link lies in the past. Choose a later one." } }),
        new("share-made", typeof(SharePage), new SharePageModel
        {
            Frame = s_recording.Frame,
            RecordingId = s_id,
            Title = Title,
            Form = Form,
            Made = new MadeLink($"https://vault.marsh-coaching.example/s/{s_id:N}#9f2c41d08e1b6a55c3f077ab", "Claire Dubois", SamplePages.Now.AddDays(14), false, "maple-river-42"),
        }),
        .. Languages.SelectMany(language => Public(SamplePages.Stranger with { Culture = language }, language.TwoLetterISOLanguageName)),
    ];

    private static CultureInfo[] Languages => [PublicTexts.English, PublicTexts.German];

    private static IEnumerable<SamplePage> Public(PageFrame frame, string language) =>
    [
        .. Enum.GetValues<NeutralMessage>().Select(message => new SamplePage($"neutral-{message}-{language}", typeof(NeutralPage), new NeutralPageModel(frame, message))),
        new($"gate-{language}", typeof(GatePage), new GatePageModel(frame, s_id)),
        new($"viewer-{language}", typeof(ViewerPage), Viewer(frame)),
        new($"viewer-bare-{language}", typeof(ViewerPage), Viewer(frame) with { SharedBy = null, RecipientName = null, ContactEmail = null, Player = null, Seal = new SealFacts(), DownloadHref = $"/s/{s_id}/download" }),
        .. new[] { new CopyArriving("waiting", 0), new CopyArriving("running", 42), new CopyArriving("failed", 0) }.Select(copy => new SamplePage($"viewer-copy-{copy.State}-{language}", typeof(ViewerPage), Viewer(frame) with { Player = null, Copy = copy })),
        new($"ended-{language}", typeof(EndedPage), new EndedPageModel(frame with { TenantName = "Marsh Coaching" }, LinkEnd.Expired, SamplePages.Now, "Helen Marsh", "helen@marsh-coaching.example")),
        new($"stopped-{language}", typeof(EndedPage), new EndedPageModel(frame with { TenantName = "Marsh Coaching" }, LinkEnd.Stopped, SamplePages.Now, null, null)),
    ];

    private static ViewerPageModel Viewer(PageFrame frame) => new()
    {
        Frame = frame with { TenantName = "Marsh Coaching" },
        ShareId = s_id,
        Title = Title,
        SharedBy = "Helen Marsh",
        ContactEmail = "helen@marsh-coaching.example",
        RecipientName = "Claire",
        RecordedAt = SamplePages.Now.AddHours(-4),
        EndsAt = SamplePages.Now.AddDays(10),
        Left = TimeSpan.FromMinutes(30),
        Notice = TimeSpan.FromMinutes(2),
        Player = Player("video/mp4") with { Source = $"/s/{s_id}/content", Mark = "Claire, 24 Nov 2026" },
        Seal = s_seal,
    };

    private static ShareChosenPageModel Several => new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Library },
        Recordings = [new ChosenToShare(s_id, Title), new ChosenToShare(Guid.Empty, "Kick-off <b>")],
    };

    private static ShareFormModel Form => new() { RecordingId = s_id, SuggestedPasscode = "maple-river-42", CanMark = true, Corner = true };

    public static PlayerModel Player(string mediaType) => new()
    {
        Source = $"/api/v1/recordings/{s_id}/content",
        Title = Title,
        MediaType = mediaType,
        Duration = TimeSpan.FromSeconds(2892),
        ContentDigest = s_seal.ContentDigest,
        Poster = $"/api/v1/recordings/{s_id}/poster",
        Waveform = $"/api/v1/recordings/{s_id}/waveform",
        Thumbnails = new PlayerThumbnails($"/api/v1/recordings/{s_id}/thumbnails", 29, 10, 10),
        Captions = [new PlayerCaptions($"/api/v1/recordings/{s_id}/captions/en", "en")],
        Chapters = [new PlayerChapter(0, "Arriving"), new PlayerChapter(246, "What the spring taught us"), new PlayerChapter(1450, "Three experiments <b>")],
    };

    private static RecordingLink Link(string? name) => new()
    {
        Id = Guid.CreateVersion7(SamplePages.Now),
        RecipientName = name,
        State = LinkState.Live,
        ExpiresAt = SamplePages.Now.AddDays(10),
        HasPasscode = true,
    };
}
