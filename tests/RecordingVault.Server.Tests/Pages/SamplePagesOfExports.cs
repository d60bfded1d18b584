using RecordingVault.Server.Features.Export.Asking;
using RecordingVault.Server.Features.Export.Everything;
using RecordingVault.Server.Features.Export.Listing;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfExports
{
    private static readonly Guid s_recording = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c01");

    private static readonly PageFrame s_frame = SamplePages.Frame with { Current = NavEntry.Exports };

    private static readonly AskExportPageModel s_ask = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Library },
        Recordings = [new(s_recording, "Quarterly review with Anna")],
        Purposes = [.. ExportWords.Purposes.Select(words => new PurposeChoice(words, words.Name is "share-external" or "view-internal" or "legal" ? 1 : 0))],
    };

    private static readonly ExportRefusedPageModel s_refused = new()
    {
        Frame = s_ask.Frame,
        Purpose = "ai-training",
        Recipient = "Notewell Ltd",
        Days = "365",
        RefusedAt = SamplePages.Now,
        All = [s_recording],
        Refused = [Refused("Quarterly review with Anna", "export-prohibited", "not-ready")],
        OtherPurposes = [ExportWords.Purposes[0], ExportWords.Purposes[1]],
    };

    private static readonly EverythingPageModel s_everything = new() { Frame = s_frame, All = 1_204, Purposes = s_ask.Purposes, Purpose = "view-internal", Recipient = "Marsh Coaching", Days = "365" };

    private static readonly EverythingRunShown s_run = new()
    {
        State = EverythingState.Running,
        Recipient = "Marsh Coaching",
        Purpose = "view-internal",
        BegunAt = SamplePages.Now.AddHours(-2),
        IsFull = false,
        IsLicenceOver = false,
        Counts = new RunCounts(1_204, 150, 98, 50, 2, 3),
        Packages = [Line(ExportLineState.Building, 50) with { Done = 12, IsOfRun = true }, Line(ExportLineState.Ready, 50) with { LeftOut = 2, IsOfRun = true }],
        LeftOut = [new(s_recording, "Offsite debrief", false, RefusalWords.Of("not-markable", null, s_recording)), new(Guid.Empty, null, false, RefusalWords.Of("not-found", null, Guid.Empty))],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("export-ask", typeof(AskExportPage), s_ask),
        new("export-ask-several-wrong", typeof(AskExportPage), s_ask with { Recordings = [.. s_ask.Recordings, new(Guid.NewGuid(), "A-title-that-somebody-wrote-without-a-single-blank-in-all-of-it-to-see-what-the-page-does")], Error = "Name whom it is for, in 1 to 200 letters on one line.", ErrorField = "recipient" }),
        new("export-ask-again", typeof(AskExportPage), s_ask with { Recipient = "Claire Martin", SignInWhy = "You signed in more than ten minutes ago." }),
        new("export-ask-full", typeof(AskExportPage), s_ask with { Error = "As many packages are being built or kept as the vault keeps at once." }),
        new("export-refused", typeof(ExportRefusedPage), s_refused),
        new("export-refused-all-ways", typeof(ExportRefusedPage), s_refused with { OtherPurposes = [], Refused = [Refused("Quarterly review with Anna", "restricted-stays", "in-trash") with { CanBeShared = false }] }),
        new("export-refused-some", typeof(ExportRefusedPage), s_refused with { All = [s_recording, Guid.NewGuid(), Guid.NewGuid()], Refused = [s_refused.Refused[0], Refused("Offsite debrief", "in-trash", "not-ready")], OtherPurposes = [] }),
        new("exports", typeof(ExportsPage), new ExportsPageModel
        {
            Frame = s_frame,
            EarlierCursor = "OTEwMA",
            OneWasEnded = true,
            Exports = [.. Enum.GetValues<ExportLineState>().Select(state => Line(state, (int)state % 2 == 0 ? 1 : 12) with { LeftOut = (int)state % 3, Done = 4 }), Line(ExportLineState.Ended, 3) with { Title = null, Recipient = null, Token = "Nightly" }],
        }),
        new("exports-none", typeof(ExportsPage), new ExportsPageModel { Frame = s_frame, Exports = [] }),
        .. Enum.GetValues<ExportLineState>().Select(state => new SamplePage($"export-{state}", typeof(ExportPage), Page(Line(state, 3) with { Done = 1, LeftOut = 1 }))),
        new("export-not-given", typeof(ExportPage), Page(Line(ExportLineState.Outdated, 3)) with { Refusal = ExportProblems.TagChanged.Sentence }),
        new("everything", typeof(EverythingPage), s_everything),
        new("everything-empty", typeof(EverythingPage), s_everything with { All = 0 }),
        new("everything-wrong", typeof(EverythingPage), s_everything with { AsksAnew = true, Error = "Name a time to come, at most ten years away.", ErrorField = "licensedUntil" }),
        .. Enum.GetValues<EverythingState>().Select(state => new SamplePage($"everything-{state}", typeof(EverythingPage), s_everything with { Run = s_run with { State = state, Counts = state is EverythingState.Running ? s_run.Counts : new RunCounts(1_204, 150, 98, 0, 102, 3) } })),
        new("everything-done", typeof(EverythingPage), s_everything with { Run = s_run with { State = EverythingState.Over, Counts = new RunCounts(1_204, 1_204, 0, 0, 0, 0), Packages = [], LeftOut = [] } }),
    ];

    private static ExportPageModel Page(ExportLine line) => new()
    {
        Frame = s_frame,
        Export = line,
        Recordings = [new(s_recording, "Quarterly review with Anna", true, null), new(Guid.NewGuid(), "Offsite debrief", false, RefusalWords.Of("not-markable", null, s_recording)), new(Guid.NewGuid(), null, null, null)],
    };

    private static RefusedRecording Refused(string title, params string[] reasons) =>
        new(s_recording, title, [.. reasons.Select(slug => RefusalWords.Of(slug, "It may not leave.", s_recording))]) { Tag = "no-tdm", CanBeShared = true };

    private static ExportLine Line(ExportLineState state, int total) => new()
    {
        Id = Guid.CreateVersion7(SamplePages.Now),
        State = state,
        Title = "Quarterly review with Anna",
        RecordingId = s_recording,
        Total = total,
        Packed = total,
        Purpose = "share-external",
        Recipient = "Claire Dubois",
        AskedBy = "Helen Marsh",
        AskedAt = SamplePages.Now.AddHours(-3),
        ExpiresAt = SamplePages.Now.AddDays(7),
        LicensedUntil = SamplePages.Now.AddDays(365),
        SizeInBytes = state is ExportLineState.Ready or ExportLineState.Outdated ? 834_000_000 : null,
        Sha256 = state is ExportLineState.Ready ? new byte[32] : null,
        Fetches = state is ExportLineState.Ready ? 2 : 0,
        FetchedAt = state is ExportLineState.Ready ? SamplePages.Now.AddHours(-1) : null,
    };
}
