using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Contacts.Own;
using RecordingVault.Server.Features.Contacts.Pages;
using RecordingVault.Server.Features.Rights;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfContacts
{
    private static readonly Guid s_id = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7d01");

    private static readonly ContactLine s_anna = new(s_id, "Anna Lindqvist", "anna.lindqvist@a-company-with-a-long-name.example", 7);

    private static readonly ContactLine s_ben = new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7d02"), "Ben Okafor <b>", null, 1);

    private static readonly ContactsPageModel s_people = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.People },
        Contacts = [s_anna, s_ben],
        Alike =
        [
            new AlikeLine(null, [Lone(1, "Claire Dubois", "claire@dubois.example", isTicked: true), Lone(2, "C. Dubois", "Claire@Dubois.example", isTicked: true), Lone(3, "Claire Dubois", "claire@other.example", isTicked: false)]),
            new AlikeLine(s_anna, [Lone(4, "anna lindqvist", null, isTicked: true)]),
        ],
        Others = [Lone(5, "Helen Marsh", "helen@marsh-coaching.example", isTicked: false), Lone(6, "Somebody with a name that goes on and on, and on again, so that it needs two lines", null, isTicked: false)],
        EarlierCursor = "a-cursor",
        ComparedBackTo = SamplePages.Now.AddDays(-400),
    };

    private static readonly ContactPageModel s_person = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.People },
        Id = s_id,
        Name = s_anna.Name,
        Email = s_anna.Email,
        Note = "Client since 2024; prefers to be asked by phone.",
        People = 7,
        Recordings =
        [
            Line(1, "Quarterly review with Anna", "Anna Lindqvist", isTrashed: false, "given", "given", "withdrawn", "not-needed", "refused", "refused", "refused"),
            Line(2, "Kick-off", "Anna L.", isTrashed: true, "unknown", "unknown", "requested", "unknown", "expired", "unknown", "unknown"),
        ],
        EarlierCursor = "a-cursor",
        Alike = [Lone(4, "anna lindqvist", null, isTicked: true)],
        OthersToMerge = [s_ben],
        FormName = s_anna.Name,
        FormEmail = s_anna.Email!,
        FormNote = "Client since 2024; prefers to be asked by phone.",
    };

    private static readonly RightsPageModel s_rights = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.People },
        Id = s_id,
        Name = s_anna.Name,
        Recordings = 7,
        Now = SamplePages.Now,
        Requests =
        [
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7d91"), SamplePages.Now.AddDays(-31), SamplePages.Now.AddDays(-1), "By letter of the 3rd.", null, null, null),
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7d92"), SamplePages.Now.AddDays(-300), SamplePages.Now.AddDays(-270), null, "partly", "Two recordings stay until the matter is closed.", SamplePages.Now.AddDays(-280)),
        ],
        FormOutcome = "erased",
        FormWord = "All of it.",
        Error = "7 recordings still name this person. Move them to the trash and empty it, or take him off; or say what is kept, and why, with the outcome partly.",
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("rights", typeof(RightsPage), s_rights),
        new("rights-none", typeof(RightsPage), s_rights with { Requests = [], Error = null, Alike = 2 }),
        new("rights-wrong", typeof(RightsPage), s_rights with { Requests = [], FormDue = "next week", FormNote = "By phone.", ErrorField = "dueAt", Error = "Give the day as 2026-12-24." }),
        new("people", typeof(ContactsPage), s_people),
        new("people-nobody", typeof(ContactsPage), s_people with { Contacts = [], Alike = [], Others = [], EarlierCursor = null, ComparedBackTo = null }),
        new("people-viewer", typeof(ContactsPage), s_people with { Frame = SamplePages.Frame with { Current = NavEntry.People, Member = new PageMember("Vera", "Viewer") }, Alike = [], Others = [], ComparedBackTo = null }),
        new("people-found", typeof(ContactsPage), s_people with { Alike = [], Others = [], ComparedBackTo = null, Words = "anna", SearchedBackTo = SamplePages.Now.AddDays(-90) }),
        new("people-found-none", typeof(ContactsPage), s_people with { Contacts = [], Alike = [], Others = [], ComparedBackTo = null, Words = "zo", EarlierCursor = null }),
        new("people-wrong", typeof(ContactsPage), s_people with { Error = "Tick at least one name.", IsNewest = false }),
        new("person", typeof(ContactPage), s_person),
        new("person-empty", typeof(ContactPage), s_person with { Email = null, Note = null, People = 0, Recordings = [], EarlierCursor = null, Alike = [], OthersToMerge = [] }),
        new("person-viewer", typeof(ContactPage), s_person with { Frame = SamplePages.Frame with { Current = NavEntry.People, Member = new PageMember("Vera", "Viewer") }, Alike = [], OthersToMerge = [] }),
        new("person-wrong", typeof(ContactPage), s_person with { ErrorField = "email", Error = "Give an address such as ben@example.com, or leave it out.", FormEmail = "anna" }),
        .. new[] { PublicTexts.English, PublicTexts.German }.SelectMany(language => Public(SamplePages.Stranger with { Culture = language }, language.TwoLetterISOLanguageName)),
        new("person-refused", typeof(ContactPage), s_person with { Error = "Somebody of these belongs to another contact already." }),
    ];

    private static IEnumerable<SamplePage> Public(PageFrame stranger, string language)
    {
        var ask = new AskOwnPageModel { Frame = stranger with { TenantName = "Marsh Coaching" }, TenantId = SamplePages.Tenant, CanMail = true };
        var own = new OwnPageModel
        {
            Frame = ask.Frame,
            LinkId = s_id,
            Name = "Ben Okafor",
            Recordings =
            [
                Own(1, "Quarterly review with Anna", "Helen Marsh", isTrashed: false, "given", "given", "withdrawn", "not-needed", "refused", "requested", "unknown"),
                Own(2, null, null, isTrashed: true, "unknown", "unknown", "unknown", "unknown", "expired", "unknown", "unknown"),
            ],
            IsCut = true,
        };
        yield return new SamplePage($"own-gate-{language}", typeof(GatePage), new GatePageModel(stranger, s_id) { Of = GateOf.OwnRecordings });
        yield return new SamplePage($"own-ask-{language}", typeof(AskOwnPage), ask);
        yield return new SamplePage($"own-ask-wrong-{language}", typeof(AskOwnPage), ask with { Email = "ben", IsNoAddress = true, NextTryAt = SamplePages.Now.AddMinutes(4) });
        yield return new SamplePage($"own-ask-taken-{language}", typeof(AskOwnPage), ask with { IsTaken = true });
        yield return new SamplePage($"own-ask-no-mail-{language}", typeof(AskOwnPage), ask with { CanMail = false });
        yield return new SamplePage($"own-{language}", typeof(OwnPage), own);
        yield return new SamplePage($"own-back-{language}", typeof(OwnPage), own with { TookBack = (own.Recordings[0].Participant, 2), IsCut = false });
        yield return new SamplePage($"own-none-{language}", typeof(OwnPage), own with { Name = "", Recordings = [], IsCut = false });
    }

    private static OwnLine Own(int place, string? title, string? by, bool isTrashed, params string[] statuses) =>
        new(Guid.Parse($"0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7a0{place}"), title, SamplePages.Now.AddDays(-place), by, isTrashed, [.. ConsentWords.Recorded.Select((purpose, index) => (purpose.Name(), statuses[index]))]);

    private static LonePersonLine Lone(int place, string name, string? email, bool isTicked) =>
        new(Guid.Parse($"0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7e0{place}"), name, email, "Quarterly review", SamplePages.Now.AddDays(-place), isTicked);

    private static ContactRecordingLine Line(int place, string title, string name, bool isTrashed, params string[] statuses) =>
        new(Guid.Parse($"0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7f0{place}"), title, SamplePages.Now.AddDays(-place), isTrashed, Guid.NewGuid(), name, null, [.. ConsentWords.Recorded.Select((purpose, index) => (purpose.Name(), statuses[index]))]);
}
