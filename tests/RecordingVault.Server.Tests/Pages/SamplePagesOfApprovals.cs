using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>The pages on which a second person is asked and decides.</summary>
internal static class SamplePagesOfApprovals
{
    private static readonly PageFrame s_library = SamplePages.Frame with { Current = NavEntry.Library };

    private static LooseningResponse Request => new(
        new Guid("0192f000-0000-7000-8000-0000000000ab"), SamplePages.Tenant, "no-tdm", "no-ai-training", ["inference", "mining"], "They all signed. <b>", new LooseningPerson(Guid.Empty, "Helen Marsh <i>"), SamplePages.Now.AddHours(-3),
        SamplePages.Now.AddDays(7), "pending", null, null, null);

    private static LooseningPageModel One => new() { Frame = s_library, Request = Request, Name = "Quarterly review with Anna <b>", IsReaders = false };

    private static LooseningResponse Decided(string state) => Request with { State = state, DecidedBy = new LooseningPerson(Guid.Empty, null), DecidedAt = SamplePages.Now, Word = "I saw the papers. <b>" };

    public static IEnumerable<SamplePage> All =>
    [
        new("loosening", typeof(LooseningPage), One),
        new("loosening-own", typeof(LooseningPage), One with { IsReaders = true }),
        new("loosening-refused", typeof(LooseningPage), One with { Word = "Fine <b>", WordError = "Say why you decide so.", Error = "Sign in again.", NeedsSignIn = true }),
        new("loosening-approved", typeof(LooseningPage), One with { Request = Decided("approved") }),
        new("loosening-declined", typeof(LooseningPage), One with { Request = Decided("declined") }),
        new("loosening-stale", typeof(LooseningPage), One with { Request = Request with { State = "stale" }, Error = "The recording has changed since." }),
        new("loosenings", typeof(LooseningsPage), new LooseningsPageModel { Frame = s_library, Requests = [new(Request, "Quarterly review <b>"), new(Decided("declined"), "Team retro"), new(Request with { State = "expired" }, "Interview")], EarlierCursor = "MjAyNi0xMQ" }),
        new("loosenings-empty", typeof(LooseningsPage), new LooseningsPageModel { Frame = s_library, Requests = [] }),
        new("loosenings-earlier", typeof(LooseningsPage), new LooseningsPageModel { Frame = s_library, Requests = [], IsNewest = false }),
        new("use-asked", typeof(UsagePage), new UsagePageModel
        {
            Frame = s_library,
            Id = SamplePages.Tenant,
            Name = "Quarterly review with Anna",
            Tag = "no-tdm",
            Chosen = "no-tdm",
            Effective = "no-tdm",
            MayChange = true,
            MayLoosen = true,
            TakesApproval = true,
            Asked = Request,
            Lines = [new("view-internal", true, []), new("ai-training", false, ["recording-tag", "consent"])],
            Choices = [new("no-tdm", "Confidential. No AI training, no text and data mining.", false), new("no-ai-training", "No AI training.", true)],
        }),
    ];
}
