using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Holds.Pages;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>Matters and what they hold.</summary>
internal static class SamplePagesOfHolds
{
    private static readonly PageFrame s_library = SamplePages.Frame with { Current = NavEntry.Library };

    private static readonly HoldPerson s_helen = new(Guid.Empty, "Helen Marsh <i>");

    private static MatterResponse Open => new(SamplePages.Tenant, "Hartmann <b>", "File 7. <b>", "open", SamplePages.Now.AddDays(-30), s_helen, null, null, 2);

    private static MatterResponse Closed => Open with { State = "closed", ClosedAt = SamplePages.Now, ClosedBy = new HoldPerson(Guid.Empty, null), Holds = 0 };

    private static HoldResponse Hold => new(
        new Guid("0192f000-0000-7000-8000-0000000000ba"), SamplePages.Tenant, "Interview Keller <b>", new HoldMatter(SamplePages.Tenant, "Hartmann <b>"), SamplePages.Now.AddDays(-30), s_helen, "Asked for. <b>", null, null, SamplePages.Now.AddDays(-2));

    private static MatterPageModel One => new() { Frame = s_library, Matter = Open, Holds = [Hold], Now = SamplePages.Now, MayChange = true, MayLift = true, Name = "Hartmann <b>", Note = "File 7. <b>" };

    private static HoldPageModel OfRecording => new() { Frame = s_library, Recording = SamplePages.Tenant, Title = "Interview Keller <b>", Holds = [Hold], Matters = [new HoldMatter(Guid.Empty, "Tax <b>")], MaySet = true, MayLift = true };

    private static HoldChosenPageModel Chosen => new() { Frame = s_library, Recordings = [new ChosenToHold(SamplePages.Tenant, "Interview <b>")], Matters = [new HoldMatter(Guid.Empty, "Tax <b>")] };

    public static IEnumerable<SamplePage> All =>
    [
        new("matters", typeof(MattersPage), new MattersPageModel { Frame = s_library, Matters = [Open, Open with { State = "closing", ClosedAt = null }], MayChange = true, EarlierCursor = "MjAyNi0xMQ" }),
        new("matters-refused", typeof(MattersPage), new MattersPageModel { Frame = s_library, Matters = [], MayChange = true, Name = "<b>", NameError = "Give the matter a name.", Note = "<b>", NoteError = "At most 2000 characters.", Error = "There are too many." }),
        new("matters-closed", typeof(MattersPage), new MattersPageModel { Frame = s_library, Matters = [Closed], AreOpen = false, IsNewest = false }),
        new("matter", typeof(MatterPage), One),
        new("matter-closing", typeof(MatterPage), One with { Matter = Closed with { State = "closing", Holds = 120 }, EarlierCursor = "MjAyNi0xMQ" }),
        new("matter-closed", typeof(MatterPage), One with { Matter = Closed, Holds = [], IsNewest = false }),
        new("matter-refused", typeof(MatterPage), One with { NameError = "Give a name.", NoteError = "Shorter.", Reason = "<b>", ReasonError = "Say why.", Error = "Sign in again.", NeedsSignIn = true }),
        new("hold", typeof(HoldPage), OfRecording),
        new("hold-none", typeof(HoldPage), OfRecording with { Holds = [], Matters = [] }),
        new("hold-refused", typeof(HoldPage), OfRecording with { Lifting = Hold.Id, Reason = "<b>", ReasonError = "Say why.", Error = "Sign in again.", NeedsSignIn = true }),
        new("hold-unset", typeof(HoldPage), OfRecording with { MatterError = "Choose one.", Reason = "<b>", ReasonError = "Shorter.", Error = "It is closed." }),
        new("hold-chosen", typeof(HoldChosenPage), Chosen),
        new("hold-chosen-refused", typeof(HoldChosenPage), Chosen with { MatterError = "Choose one.", Reason = "<b>", ReasonError = "Shorter.", Error = "It is closed." }),
        new("hold-chosen-none", typeof(HoldChosenPage), Chosen with { Matters = [] }),
    ];
}
