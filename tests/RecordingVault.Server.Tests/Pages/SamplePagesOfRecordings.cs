using System.Security.Cryptography;
using System.Text;
using RecordingVault.Server.Features.Recordings;
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
                Tile("Process workshop, part 2", 0) with { Receiving = new TileReceiving(1_426_000_000, 2_300_000_000), Seal = new SealFacts() },
                Tile("Quarterly review with Anna", 0, "Anna", "Ben", "Helen") with { Watching = new TileWatching(2, 0, null, 0) },
                Tile("Coaching session 6", 1, "Tomasz", "Helen") with { Watching = new TileWatching(0, 1, "Tomasz", 92) },
                Tile("Onboarding call, Dubois & Weber <b>", 8) with { Watching = new TileWatching(1, 4, "Claire", 20) },
                Tile("Phone call with Priya", 9) with { IsAudio = true, Seal = new SealFacts { UsageTag = "no-tdm", SealedSegments = 5 } },
                Tile("Ein Titel, der sehr lang ist und trotzdem in seine Kachel passen muss, auch auf einem kleinen Telefon", 40),
                Tile("Goals for the spring", 400) with { Duration = TimeSpan.FromSeconds(5073) },
            ],
        }),
        new("library-empty", typeof(LibraryPage), new LibraryPageModel { Frame = s_library, Now = SamplePages.Now, Tiles = [] }),
        new("library-viewer", typeof(LibraryPage), new LibraryPageModel { Frame = s_library with { Member = new PageMember("Sam Weber", "Viewer") }, Now = SamplePages.Now, Tiles = [] }),
        new("library-earlier", typeof(LibraryPage), new LibraryPageModel { Frame = s_library, Now = SamplePages.Now, IsNewest = false, Tiles = [Tile("Interview Keller, second part", 70)] }),
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
            More = 12,
            Recordings =
            [
                new TrashedRecording(SamplePages.Tenant, "Interview Keller, second part", SamplePages.Now.AddDays(-29.5), SamplePages.Now.AddHours(12), 1_426_000_000),
                new TrashedRecording(Guid.Empty, "Ein Titel, der sehr lang ist und trotzdem in seine Zeile passen muss, auch auf einem kleinen Telefon", SamplePages.Now, SamplePages.Now.AddDays(30), 900),
            ],
        }),
        new("trash-empty", typeof(TrashPage), new TrashPageModel { Frame = s_library, Now = SamplePages.Now }),
        new("upload", typeof(UploadPage), new UploadPageModel { Frame = s_upload, MaxLength = 100_000_000_000 }),
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
