using System.Security.Cryptography;
using System.Text;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Recordings.Editing;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Features.Recordings.Labels;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Features.Regrouping.Cutting;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfRecordings
{
    private static readonly PageFrame s_library = SamplePages.Frame with { Current = NavEntry.Library };

    private static readonly PageFrame s_upload = SamplePages.Frame with { Current = NavEntry.Upload };

    public static IEnumerable<SamplePage> All =>
    [
        new("library", typeof(LibraryPage), new LibraryPageModel
        {
            Frame = s_library,
            Now = SamplePages.Now,
            Total = 48,
            EarlierCursor = "MjAyNi0xMQ",
            Tiles =
            [
                Tile("Process workshop, part 2", 0) with { Receiving = new TileReceiving(1_426_000_000, 2_300_000_000) { Left = TimeSpan.FromMinutes(3.4) }, Seal = new SealFacts() },
                Tile("Quarterly review with Anna", 0, "Anna", "Ben", "Helen") with { Watching = new TileWatching(2, 0, null, 0) },
                Tile("Coaching session 6", 1, "Tomasz", "Helen") with { Watching = new TileWatching(0, 1, "Tomasz", 92) },
                Tile("Onboarding call, Dubois & Weber <b>", 8) with { Watching = new TileWatching(1, 4, "Claire", 20) },
                Tile("Phone call with Priya", 9) with { IsAudio = true, Seal = new SealFacts { UsageTag = "no-tdm", SealedSegments = 5 } },
                Tile("Ein Titel, der sehr lang ist und trotzdem in seine Kachel passen muss, auch auf einem kleinen Telefon", 40),
                Tile("Goals for the spring", 400) with { Duration = TimeSpan.FromSeconds(5073) },
            ],
        }),
        new("library-list", typeof(LibraryPage), new LibraryPageModel
        {
            Frame = s_library,
            Now = SamplePages.Now,
            Total = 48,
            Choice = new LibraryChoice { View = "list", Sort = "title", Source = "zoom", From = "2026-11-01", Zone = "Europe/Berlin" },
            Refused = "More than 20,000 recordings pass these filters.",
            Waiting =
            [
                new WaitingThing("triangle-alert", "2 recordings", "could not be made ready for browsers.", "Look at them", "/?state=failed") { IsWrong = true },
                new WaitingThing("calendar-clock", "1 link of yours", "ends within 3 days.", "Look at it", "/links?show=live"),
            ],
            Tiles =
            [
                Tile("Quarterly review with Anna", 0, "Anna", "Ben", "Helen") with { Watching = new TileWatching(2, 0, null, 0), SizeInBytes = 1_426_000_000 },
                Tile("Process workshop, part 2", 0) with { Receiving = new TileReceiving(1_426_000_000, null), Duration = null },
                Tile("Ein Titel, der sehr lang ist und trotzdem in seine Zeile passen muss, auch auf einem kleinen Telefon", 40) with { IsFailed = true, DamagedSince = SamplePages.Now },
            ],
        }),
        new("library-pictures", typeof(LibraryPage), new LibraryPageModel
        {
            Frame = s_library,
            Now = SamplePages.Now,
            Total = 1,
            Tiles = [Tile("Coaching session 6", 1, "Tomasz") with { Poster = $"/api/v1/recordings/{SamplePages.Tenant}/poster?list=AAAA" }],
        }),
        new("chosen-refused", typeof(ChosenRefusedPage), new ChosenRefusedPageModel
        {
            Frame = s_library,
            Title = "No label was changed to confidential",
            Refused = [new BulkRefusal(SamplePages.Tenant, "Interview Keller <b>", "It is restricted, which is tighter. Many at once are only made tighter."), new BulkRefusal(Guid.Empty, null, "It is not there any more.")],
        }),
        new("use", typeof(UsagePage), Use),
        new("use-refused", typeof(UsagePage), Use with { Chosen = "allowed", Reason = "All agreed. <b>", ReasonError = "Say in at most 500 characters why.", Error = "Sign in again.", NeedsSignIn = true }),
        new("use-viewer", typeof(UsagePage), Use with { MayChange = false, MayLoosen = false, IsRestricted = true }),
        new("edit", typeof(EditPage), Edit),
        new("edit-refused", typeof(EditPage), Edit with { Title = "", TitleError = "Give a title of 1 to 300 characters, in one line.", TimeError = "Choose a day and a time.", PeopleError = "Give each line a name." }),
        new("edit-label-refused", typeof(EditPage), Edit with { Label = Label with { Chosen = "public", Error = "Show again who you are.", NeedsSignIn = true, Reason = "A <b> reason", ReasonError = "Say why." } }),
        new("edit-contributor", typeof(EditPage), Edit with { Label = Label with { MayLoosen = false } }),
        new("files", typeof(FilesPage), Files),
        new("files-refused", typeof(FilesPage), Files with { Title = "The chat", Near = [], SplitRefusal = "Tick the files that are meant.", MergeRefusal = "Choose the other recording, or give the address of its page." }),
        new("files-one", typeof(FilesPage), Files with { Files = [new MovableFile(SamplePages.Tenant, null, "original", 900, false)] }),
        new("cut", typeof(CutPage), Cut),
        new("cut-refused", typeof(CutPage), Cut with { Copies = [], SpanRefusal = "It has to lie within the recording.", CopyRefusal = "Say in at most 500 characters why these people are in the copy no more.", Reason = "He <b> asked" }),
        new("cut-running", typeof(CutPage), Cut with { Copies = [new CutMade(SamplePages.Tenant, "running", 40, SamplePages.Now, null, 0, null), .. Cut.Copies] }),
        new("merge", typeof(MergePage), Merge),
        new("merge-refused", typeof(MergePage), Merge with { Refusal = "The recording is in the trash. Take it out first." }),
        new("library-empty", typeof(LibraryPage), new LibraryPageModel { Frame = s_library, Now = SamplePages.Now, Tiles = [] }),
        new("library-viewer", typeof(LibraryPage), new LibraryPageModel { Frame = s_library with { Member = new PageMember("Sam Weber", "Viewer") }, Now = SamplePages.Now, Tiles = [] }),
        new("library-earlier", typeof(LibraryPage), new LibraryPageModel { Frame = s_library, Now = SamplePages.Now, IsNewest = false, Tiles = [Tile("Interview Keller, second part", 70)] }),
        new("library-found", typeof(LibraryPage), new LibraryPageModel
        {
            Frame = s_library,
            Now = SamplePages.Now,
            Total = 48,
            Words = "anna",
            SearchedBackTo = SamplePages.Now.AddDays(-300),
            EarlierCursor = "MjAyNi0xMQ",
            Choice = new LibraryChoice { Label = "confidential", From = "2026-01-01" },
            Tiles =
            [
                Tile("Quarterly review with Anna", 0, "Anna", "Ben", "Helen"),
                Tile("Team retro", 3) with { IsFoundInText = true, SaidLines = [new SaidLine(TimeSpan.FromSeconds(83.4), "Ben <b>", "Anna said that <i>it</i> was enough."), new SaidLine(TimeSpan.FromMinutes(71), null, "Ask Anna.")] },
            ],
        }),
        new("library-found-list", typeof(LibraryPage), new LibraryPageModel
        {
            Frame = s_library,
            Now = SamplePages.Now,
            Total = 48,
            Words = "anna",
            Choice = new LibraryChoice { View = "list" },
            Tiles = [Tile("Team retro", 3) with { IsFoundInText = true, SaidLines = [new SaidLine(TimeSpan.FromSeconds(83.4), "Ben", "Anna said that it was enough.")] }],
        }),
        new("library-none", typeof(LibraryPage), new LibraryPageModel { Frame = s_library, Now = SamplePages.Now, Total = 48, Tiles = [], Choice = new LibraryChoice { Shared = "yes", Sort = "largest" } }),
        new("library-notices", typeof(LibraryPage), new LibraryPageModel
        {
            Frame = s_library,
            Now = SamplePages.Now,
            Total = 2,
            InTrash = 3,
            Tiles =
            [
                Tile("Coaching session 6, again", 0) with { Duplicate = new TileDuplicate(SamplePages.Tenant, "Coaching session 6", SamplePages.Now.AddDays(-2)) },
                Tile("Phone call with Priya", 1) with { DamagedSince = SamplePages.Now },
            ],
        }),
        new("trash", typeof(TrashPage), new TrashPageModel
        {
            Frame = s_library,
            Now = SamplePages.Now,
            NextCursor = "MjAyNi0xMQ",
            MayDestroy = true,
            Recordings =
            [
                new TrashedRecording(SamplePages.Tenant, "Interview Keller, second part", SamplePages.Now.AddDays(-29.5), SamplePages.Now.AddHours(12), 1_426_000_000),
                new TrashedRecording(Guid.Empty, "Ein Titel, der sehr lang ist und trotzdem in seine Zeile passen muss, auch auf einem kleinen Telefon", SamplePages.Now, SamplePages.Now.AddDays(30), 900),
                new TrashedRecording(new Guid(IdOf("sound")), "Coaching session 6, the sound", SamplePages.Now, SamplePages.Now.AddDays(30), 0) { IntoId = SamplePages.Tenant, IntoTitle = "Coaching session 6 <b>" },
            ],
        }),
        new("trash-emptying", typeof(EmptyTrashPage), new EmptyTrashPageModel
        {
            Frame = s_library,
            More = 3,
            Recordings = [new TrashedRecording(SamplePages.Tenant, "Interview Keller <b>", SamplePages.Now, SamplePages.Now.AddDays(30), 1_426_000_000), new TrashedRecording(Guid.Empty, "Coaching session 6", SamplePages.Now, SamplePages.Now.AddDays(30), 900)],
        }),
        new("trash-emptying-one", typeof(EmptyTrashPage), new EmptyTrashPageModel { Frame = s_library, Recordings = [new TrashedRecording(SamplePages.Tenant, "Coaching session 6", SamplePages.Now, SamplePages.Now.AddDays(30), 900)] }),
        new("trash-emptying-nothing", typeof(EmptyTrashPage), new EmptyTrashPageModel { Frame = s_library, Recordings = [] }),
        new("trash-later", typeof(TrashPage), new TrashPageModel { Frame = s_library, Now = SamplePages.Now, IsFirst = false }),
        new("trash-empty", typeof(TrashPage), new TrashPageModel { Frame = s_library, Now = SamplePages.Now }),
        new("upload", typeof(UploadPage), new UploadPageModel { Frame = s_upload, MaxLength = 100_000_000_000 }),
        new("upload-into", typeof(UploadPage), new UploadPageModel { Frame = s_upload, Into = new UploadTarget(SamplePages.Tenant, "Coaching session 6 <b>") }),
        new("upload-unfinished", typeof(UploadPage), new UploadPageModel
        {
            Frame = s_upload,
            Unfinished =
            [
                new UnfinishedUpload { Id = SamplePages.Tenant, RecordingId = SamplePages.Tenant, FileName = "Offsite debrief.mp4", Length = 1_000_000, Confirmed = 920_000, LastModified = SamplePages.Now },
                new UnfinishedUpload { Id = Guid.Empty, RecordingId = Guid.Empty, FileName = "Phone call.m4a", Length = 1_000_000, Confirmed = 0 },
            ],
        }),
    ];

    private static FilesPageModel Files => new()
    {
        Frame = s_library,
        Id = SamplePages.Tenant,
        Name = "Coaching session 6",
        LiveLinks = 2,
        Files =
        [
            new MovableFile(SamplePages.Tenant, "Coaching 6.mp4", "original", 1_426_000_000, false),
            new MovableFile(new Guid(IdOf("chat")), "Ein Dateiname, der sehr lang ist und trotzdem in seine Zeile passen muss, auch auf einem Telefon <b>.txt", "chat", 900, true),
        ],
        Near = [new NearRecording(new Guid(IdOf("near")), "Coaching session 6, the sound", SamplePages.Now, 41_000_000)],
    };

    private static CutPageModel Cut => new()
    {
        Frame = s_library,
        Id = SamplePages.Tenant,
        Name = "Coaching session 6 <b>",
        Player = new PlayerModel { Source = $"/api/v1/recordings/{SamplePages.Tenant}/content", Title = "Coaching session 6", MediaType = "video/mp4", Duration = TimeSpan.FromMinutes(48) },
        Spans = [new SpanField("12:40", "13:05.5", "cut"), new SpanField("1:02:03", "1:02:04", "mute")],
        Left = TimeSpan.FromMinutes(47),
        PlanFrom = "2026-11-20T09:00:00.0000000+00:00",
        People = [new CutPerson(new Guid(IdOf("ben")), "Ben Ito <b>", true), new CutPerson(new Guid(IdOf("tomasz")), "Tomasz", false)],
        Copies = [new CutMade(SamplePages.Tenant, "done", 100, SamplePages.Now, TimeSpan.FromSeconds(95), 1, null), new CutMade(new Guid(IdOf("near")), "failed", 0, SamplePages.Now, null, 0, "Part of what is stored of it is damaged.")],
    };

    private static MergePageModel Merge => new()
    {
        Frame = s_library,
        Id = SamplePages.Tenant,
        Name = "Coaching session 6",
        OtherId = new Guid(IdOf("near")),
        OtherName = "Coaching session 6, the sound <b>",
        Files = 2,
        Bytes = 41_000_000,
        StoppingLinks = 1,
        LiveLinks = 2,
        HasFilm = true,
        TighterLabel = "restricted",
    };

    private static EditPageModel Edit => new()
    {
        Frame = s_library,
        Id = SamplePages.Tenant,
        Name = "Coaching session 6",
        Title = "Coaching session 6",
        RecordedAt = "2026-11-24T09:30",
        People = "Tomasz <b>\nBen Ito <ben@example.com>",
        Files = [new EditedFile("original", 1_426_000_000), new EditedFile("chat", 900)],
        Label = Label,
    };

    private static UsagePageModel Use => new()
    {
        Frame = s_library,
        Id = SamplePages.Tenant,
        Name = "Quarterly review with Anna <b>",
        Tag = "no-ai-training",
        Chosen = "no-ai-training",
        Effective = "no-tdm",
        MayChange = true,
        MayLoosen = true,
        Lines =
        [
            new("view-internal", true, []), new("share-external", true, []), new("transcribe", false, ["consent"]), new("ai-inference", false, ["consent"]),
            new("ai-training", false, ["tenant-policy", "recording-tag", "consent", "found-mark"]), new("data-mining", false, ["consent"]), new("legal", true, []),
        ],
        Choices = [new("no-tdm", "Confidential. No AI training, no text and data mining.", false), new("no-ai-training", "No AI training.", false), new("allowed", "AI training and data mining are allowed.", true)],
    };

    private static LabelPartModel Label => new() { RecordingId = SamplePages.Tenant, Current = "confidential", Chosen = "confidential", TenantName = "Marsh Coaching", MayLoosen = true };

    public static SealFacts SealOf(string content) => new()
    {
        Label = "confidential",
        UsageTag = "no-tdm",
        SealedSegments = 412,
        ContentDigest = SHA256.HashData(Encoding.UTF8.GetBytes(content)),
    };

    private static LibraryTile Tile(string title, int daysAgo, params string[] people) => new()
    {
        Id = new Guid(IdOf(title)),
        Title = title,
        RecordedAt = SamplePages.Now.AddDays(-daysAgo).AddHours(-3),
        Duration = TimeSpan.FromSeconds(2892),
        People = people,
        Seal = SealOf(title),
    };

    private static byte[] IdOf(string title) => SHA256.HashData(Encoding.UTF8.GetBytes(title))[..16];
}
