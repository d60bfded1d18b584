using System.Globalization;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfAsking
{
    private static readonly Guid s_id = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c01");

    private static readonly IReadOnlyList<AskedUse> s_uses =
    [
        new("keep", true), new("view-internal", true), new("share-external", null), new("transcribe", true), new("ai-inference", false), new("ai-training", false), new("data-mining", null),
    ];

    private static readonly AskPageModel s_ask = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Library },
        RecordingId = s_id,
        Title = "Quarterly review with Anna",
        People = [new AskedPerson(s_id, "Anna Lindqvist", HasAddress: true, IsTicked: false), new AskedPerson(Guid.Empty, "Ben Okafor <b>", HasAddress: false, IsTicked: true)],
        Uses = [.. s_uses.Select(use => (use.Name, true))],
        HasMail = true,
        Asked =
        [
            new AskedQuestion(s_id, "Anna Lindqvist", "answered", SamplePages.Now.AddDays(-2), SamplePages.Now.AddDays(12), SamplePages.Now.AddDays(-1), s_id),
            new AskedQuestion(Guid.Empty, "Ben Okafor", "open", SamplePages.Now.AddHours(-2), SamplePages.Now.AddDays(14), null, null),
            new AskedQuestion(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c02"), "Claire Dubois", "expired", SamplePages.Now.AddDays(-20), SamplePages.Now.AddDays(-6), null, null),
        ],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("ask", typeof(AskPage), s_ask),
        new("ask-wrong", typeof(AskPage), s_ask with { HasMail = false, Error = "Tick whom you want to ask.", Asked = [], Note = "Thanks for the call.", MayWatch = true }),
        new("ask-nobody", typeof(AskPage), s_ask with { People = [], Asked = [] }),
        new("ask-made", typeof(AskPage), s_ask with { Made = [new MadeQuestion(s_id, "Anna Lindqvist", null), new MadeQuestion(Guid.Empty, "Ben Okafor", $"https://vault.example/c/{Guid.Empty}#dEf")] }),
        .. new[] { PublicTexts.English, PublicTexts.German }.SelectMany(language => Public(SamplePages.Stranger with { Culture = language }, language)),
    ];

    private static IEnumerable<SamplePage> Public(PageFrame stranger, CultureInfo culture)
    {
        var language = culture.TwoLetterISOLanguageName;
        var frame = stranger with { TenantName = "Marsh Coaching" };
        var question = new QuestionPageModel
        {
            Frame = frame,
            LinkId = s_id,
            Name = "Ben Okafor",
            Title = "Quarterly review with Anna",
            RecordedAt = SamplePages.Now.AddDays(-3),
            Duration = TimeSpan.FromMinutes(48),
            Others = ["Anna Lindqvist", "Helen Marsh"],
            Uses = s_uses,
            AskedBy = "Helen Marsh",
            ContactEmail = "helen@marsh-coaching.example",
            Note = "Thank you for the call, Ben.",
            ExpiresAt = SamplePages.Now.AddDays(14),
            MayGive = true,
            Signature = "Ben Okafor",
        };
        yield return new SamplePage($"question-gate-{language}", typeof(GatePage), new GatePageModel(stranger, s_id) { Of = GateOf.Question });
        yield return new SamplePage($"question-{language}", typeof(QuestionPage), question);
        yield return new SamplePage($"question-own-{language}", typeof(QuestionPage), question with
        {
            TextVersion = "own-2",
            TextLanguage = "en",
            IsReworded = true,
            Own = new OwnQuestion("Ben, may we use it?", ["You were with us.", "Please say what you want."], new Dictionary<string, string>(StringComparer.Ordinal) { ["keep"] = "In our own house." }),
        });
        yield return new SamplePage($"question-wrong-{language}", typeof(QuestionPage), question with { IsSignatureWrong = true, Signature = "", Note = null, Others = [], AskedBy = null, ContactEmail = null });
        yield return new SamplePage($"question-receipt-{language}", typeof(QuestionPage), question with { MayGive = false, IsReceipt = true, IsAnswered = true });
        yield return new SamplePage($"question-nothing-{language}", typeof(QuestionPage), question with { MayGive = false, IsReceipt = true, Uses = [.. s_uses.Select(use => use with { Yes = false })] });
        yield return new SamplePage($"question-thanks-{language}", typeof(ThanksPage), new ThanksPageModel
        {
            Frame = frame,
            LinkId = s_id,
            Name = "Ben Okafor",
            Uses = s_uses,
            TakenBack = ["share-external"],
            ReceiptUrl = $"https://vault.example/c/{s_id}#AbCdEf",
            IsMailed = true,
            AskedBy = "Helen Marsh",
            ContactEmail = "helen@marsh-coaching.example",
        });
    }
}
