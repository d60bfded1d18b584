using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Pages;
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
            new("transcribe", "not-needed", "signed-paper", SamplePages.Now.AddDays(-30), SamplePages.Now.AddHours(-3)) { LawfulBasis = "contract" },
            new("share-external", "given", "spoken", SamplePages.Now.AddHours(-4), SamplePages.Now.AddHours(-3)) { SpokenAt = "12:40" },
        ],
        Earlier = "a-cursor",
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("consent", typeof(ConsentPage), s_page),
        new("consent-nobody", typeof(ConsentPage), s_page with { People = [] }),
        new("consent-viewer", typeof(ConsentPage), s_chosen with { MayRecord = false, Earlier = null }),
        new("consent-person", typeof(ConsentPage), s_chosen),
        new("consent-person-new", typeof(ConsentPage), s_chosen with { History = [], Earlier = null }),
        new("consent-person-wrong", typeof(ConsentPage), s_chosen with { Answer = new(["keep"], "given", "spoken", "2026-11-24T10:00", "half past", "At the begin.", ""), ErrorField = "seconds", Error = "Say it as minutes and seconds, such as 12:40." }),
        new("consent-person-refused", typeof(ConsentPage), s_chosen with { ErrorField = "participant", Error = "Give the id of somebody who is named as recorded in this recording." }),
    ];

    private static ConsentRow Row(string name, string? email, params string[] statuses) =>
        new(Guid.NewGuid(), name, email, [.. ConsentWords.Recorded.Select((purpose, place) => new ConsentCell(purpose.Name(), statuses[place]))]);
}
