using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Consent.Importing;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Pages;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Features.Consent.Wording;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfConsent
{
    private static readonly Guid s_recording = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c01");

    private static readonly ConsentRow s_ben = Row("Ben Okafor", "ben@okafor.example", "given", "given", "withdrawn", "not-needed", "refused", "refused", "refused");

    private static readonly ConsentPageModel s_page = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Library },
        Id = s_recording,
        Title = "Quarterly review with Anna",
        MayRecord = true,
        People =
        [
            Row("Anna Lindqvist", "anna.lindqvist@a-company-with-a-long-name.example", "given", "given", "given", "given", "requested", "unknown", "unknown"),
            s_ben,
            Row("Helen Marsh", null, "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "expired"),
        ],
    };

    private static readonly ConsentPageModel s_chosen = s_page with
    {
        Person = s_ben,
        Name = s_ben.Name,
        Email = s_ben.Email!,
        History =
        [
            new("share-external", "withdrawn", "mail", SamplePages.Now.AddHours(-2), SamplePages.Now.AddHours(-1)) { Note = "Wrote to Helen that Claire should not see it." },
            new("transcribe", "not-needed", "signed-paper", SamplePages.Now.AddDays(-30), SamplePages.Now.AddHours(-3))
            {
                Id = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c22"),
                LawfulBasis = "contract",
                Evidence =
                [
                    new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c31"), "contract-with-a-name-that-goes-on-and-on-of-a-company-with-a-long-name.pdf", "PDF", 482_000, SamplePages.Now.AddHours(-3)) { KeptUntil = SamplePages.Now.AddYears(3) },
                    new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c32"), "Re: the contract.eml", "Letter", 9_200, SamplePages.Now.AddHours(-2)),
                ],
            },
            new("share-external", "given", "spoken", SamplePages.Now.AddHours(-4), SamplePages.Now.AddHours(-3)) { SpokenAt = "12:40 to 12:52", Id = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c21") },
        ],
        Earlier = "a-cursor",
    };

    private static readonly ImportPageModel s_import = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Library },
        Id = s_recording,
        Title = "Quarterly review with Anna",
        Speakers = ["Anna Lindqvist", "Claire Dubois"],
    };

    private static readonly ConsentPolicyPageModel s_policy = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Settings },
        Label = null,
        MayChange = true,
        Lines = [.. ConsentPolicy.Purposes.Select((purpose, place) => new ConsentPolicyLine(purpose.Name(), place % 3 == 0 ? "everybody" : place % 3 == 1 ? "no-objection" : "nobody", place == 0 ? "allow-with-reason" : place == 3 ? "warn" : "refuse"))],
    };

    private static readonly IReadOnlyList<RegionResponse> s_regions = [new("AT", "Austria", "one-party"), new("DE", "Germany", "all-party"), new("US-NY", "New York", "notice-only")];

    private static readonly ConsentWordsPageModel s_words = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Settings },
        MayChange = true,
        Language = "en",
        Title = "{person}, may {organisation} use your recording?",
        Text = "You were recorded on {date}.\n\nPlease answer until {until}.",
        Uses = [.. ConsentWords.Recorded.Select(purpose => (purpose.Name(), purpose == Purpose.Keep ? "In our own house." : "", "Stored encrypted, in {organisation}’s own vault."))],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("evidence-alone", typeof(EvidencePage), new EvidencePageModel
        {
            Frame = s_words.Frame,
            Files =
            [
                new LoneFile(SamplePages.Tenant, "Consent of Ben, signed <b>.pdf", 84_000, "Ben Ito <b>", 2, SamplePages.Now, SamplePages.Now.AddYears(3)),
                new LoneFile(Guid.Empty, "Ein Dateiname, der sehr lang ist und trotzdem in seine Zeile passen muss, auch auf einem Telefon.eml", 1_200, "Tomasz", 1, SamplePages.Now, null),
            ],
            EarlierCursor = "more",
        }),
        new("evidence-alone-none", typeof(EvidencePage), new EvidencePageModel { Frame = s_words.Frame, Files = [] }),
        new("consent-words", typeof(ConsentWordsPage), s_words),
        new("consent-words-viewer", typeof(ConsentWordsPage), s_words with { MayChange = false }),
        new("consent-words-wrong", typeof(ConsentWordsPage), s_words with { Text = "{name}", ErrorField = "text", Error = "In braces stands one of {person}, {organisation}, {recording}, {date}, {until}, and nothing else." }),
        new("consent-words-versions", typeof(ConsentWordsPage), s_words with
        {
            Versions = [new("own-3", "de-AT", SamplePages.Now.AddHours(-1), false, true), new("own-2", "en", SamplePages.Now.AddDays(-2), true, true), new("own-1", "en", SamplePages.Now.AddDays(-20), true, false)],
            Look = new("own-2", "en", "Anna Lindqvist, may Marsh Coaching use your recording?", ["You were recorded on Tuesday.", "Please answer."], [.. ConsentWords.Recorded.Select(purpose => (purpose.Name(), "In our own house."))]),
        }),
        new("consent", typeof(ConsentPage), s_page),
        new("consent-nobody", typeof(ConsentPage), s_page with { People = [] }),
        new("consent-viewer", typeof(ConsentPage), s_chosen with { MayRecord = false, Earlier = null }),
        new("consent-person", typeof(ConsentPage), s_chosen),
        new("consent-person-new", typeof(ConsentPage), s_chosen with { History = [], Earlier = null }),
        new("consent-person-wrong", typeof(ConsentPage), s_chosen with { Answer = new(["keep"], "given", "spoken", "2026-11-24T10:00", "half past", "At the begin.", ""), ErrorField = "seconds", Error = "Say it as minutes and seconds, such as 12:40." }),
        new("consent-tasks", typeof(ConsentPage), s_page with
        {
            Tasks =
            [
                new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c11"), "Ben Okafor", "share-external", SamplePages.Now.AddHours(-2), null, null, null),
                new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c12"), "Anna Lindqvist", "keep", SamplePages.Now.AddDays(-2), "asked-again", null, SamplePages.Now.AddDays(-1)),
                new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c13"), "Helen Marsh", "view-internal", SamplePages.Now.AddDays(-3), "restricted", "Only Helen and I open it now.", SamplePages.Now.AddDays(-1)),
            ],
            WrongTask = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c11"),
            TaskOutcome = "restricted",
            ErrorField = "word",
            Error = "Say in at most 500 characters what was done.",
        }),
        new("consent-stops", typeof(ConsentPage), s_page with
        {
            MayGiveReason = true,
            Stops = [new("share-external", "objected"), new("view-internal", "needs-reason"), new("transcribe", "reasoned"), new("ai-inference", "warned"), new("ai-training", "missing")],
            WrongStop = "view-internal",
            ReasonWord = "She only said hello.",
            Error = "Your sign-in is older than ten minutes.",
            NeedsSignIn = true,
        }),
        new("consent-people", typeof(ImportPage), s_import),
        new("consent-people-preview", typeof(ImportPage), s_import with
        {
            Kind = "zoom-report",
            Text = "Name (Original Name),User Email,Recording Consent\nBen Okafor,ben@okafor.example,Y\n",
            Speakers = [],
            Lines =
            [
                new(2, "Ben Okafor", "ben@okafor.example", "there", IsConsent: true, null),
                new(3, "Anna Lindqvist, who is called by a long name in Zoom", "anna.lindqvist@a-company-with-a-long-name.example", "add", IsConsent: true, null),
                new(4, "Helen Marsh", null, "add", IsConsent: false, null),
                new(5, "Helen Marsh", null, "again", IsConsent: false, null),
            ],
            Added = 2,
            Consents = 2,
        }),
        new("consent-people-wrong-rows", typeof(ImportPage), s_import with
        {
            Text = "Ben Okafor <ben>\nHelen Marsh",
            Lines = [new(1, "", null, "wrong", IsConsent: false, "email: Give an address such as ben@example.com, or leave it out."), new(2, "Helen Marsh", null, "add", IsConsent: false, null)],
            Added = 1,
        }),
        new("consent-people-wrong", typeof(ImportPage), s_import with { Error = "Name at least one person.", SpeakerError = "Tick whom you want to add." }),
        new("consent-policy", typeof(ConsentPolicyPage), s_policy),
        new("consent-policy-label-wrong", typeof(ConsentPolicyPage), s_policy with { Label = "confidential", Lines = [.. s_policy.Lines.Select(line => line with { Needs = "" })], Reason = " ", ReasonError = "Say why content may leave with less consent than before; the log keeps it." }),
        new("consent-policy-again", typeof(ConsentPolicyPage), s_policy with { Error = "Sign in again.", NeedsSignIn = true }),
        new("consent-policy-regions", typeof(ConsentPolicyPage), s_policy with { Regions = s_regions, RegionTyped = new("Nevada", "", "all-party"), RegionError = "Give two capital letters, such as DE, and for a part of a country a hyphen and its letters, such as US-CA." }),
        new("consent-policy-region-stays", typeof(ConsentPolicyPage), s_policy with { Regions = s_regions, RegionLeaving = "DE", RegionError = "Say in at most 500 characters why content may leave with less consent than before; the log keeps it." }),
        new("consent-policy-viewer", typeof(ConsentPolicyPage), s_policy with { MayChange = false, Regions = s_regions }),
        new("consent-person-refused", typeof(ConsentPage), s_chosen with { ErrorField = "participant", Error = "Give the id of somebody who is named as recorded in this recording." }),
    ];

    private static ConsentRow Row(string name, string? email, params string[] statuses) =>
        new(Guid.NewGuid(), name, email, [.. ConsentWords.Recorded.Select((purpose, place) => new ConsentCell(purpose.Name(), statuses[place]))]);
}
