using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;

namespace RecordingVault.Server.Tests.Retention.Dates;

[Trait("Run", "Once")]
public sealed class KeepingWordsTests
{
    private static readonly Guid s_wish = Guid.CreateVersion7();
    private static readonly Guid s_law = Guid.CreateVersion7();

    private static readonly RetentionFacts s_facts = new()
    {
        RecordingId = Guid.CreateVersion7(),
        Label = ConfidentialityLabel.Confidential,
        RecordedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        UploadedAt = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public void Where_no_schedule_is_it_says_so() => Assert.Equal("No schedule says when it goes: it stays until somebody decides.", Say([]));

    [Fact]
    public void A_wish_is_told_with_its_schedule_and_the_trash() => Assert.Equal(
        "It is kept until 11 April 2026, since “Coaching” says 100 days after the meeting; then it lies in the trash for 30 days and goes.", Say([Wish()]));

    [Fact]
    public void An_obligation_that_is_later_than_the_wish_is_named_first() => Assert.Equal(
        "It is kept until 1 January 2036, since “Law” obliges to keep it 10 years after the meeting, longer than “Coaching” would keep it; then it lies in the trash for 30 days and goes.", Say([Wish(), Law("P10Y")]));

    [Fact]
    public void An_obligation_that_is_over_before_is_left_out() => Assert.Equal(Say([Wish()]), Say([Wish(), Law("P30D")]));

    [Fact]
    public void An_obligation_alone_says_what_comes_after() => Assert.Equal(
        "It is kept at least until 1 January 2036, since “Law” obliges to keep it 10 years after the meeting; after that no schedule says when it goes, and it stays until somebody decides.", Say([Law("P10Y")]));

    [Fact]
    public void What_a_person_keeps_is_told_as_his_word() => Assert.Equal(
        "It is kept until 31 December 2026, since somebody said so on this page, longer than “Coaching” would keep it; then it lies in the trash for 30 days and goes.",
        Say([Wish()], s_facts with { KeptUntil = new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero) }));

    [Fact]
    public void A_hold_comes_before_all() => Assert.StartsWith("It is on hold: nothing of it goes until the last hold is lifted. Without the hold: it is kept until 11 April 2026,", Say([Wish()], isHeld: true), StringComparison.Ordinal);

    [Fact]
    public void A_review_is_no_deletion() => Assert.Equal(
        "It is kept until 11 April 2026, since “Coaching” says 100 days after the meeting; then somebody decides about it.", Say([Wish() with { Action = DisposalAction.Review }]));

    private static string Say(IReadOnlyList<RetentionRule> rules, RetentionFacts? facts = null, bool isHeld = false) =>
        KeepingWords.Sentence(DisposalDate.Of(rules, facts ?? s_facts), isHeld, rules, facts ?? s_facts, new Dictionary<Guid, string> { [s_wish] = "Coaching", [s_law] = "Law" });

    private static RetentionRule Wish() => new(s_wish, RetentionScope.Tenant, null, RetentionTrigger.Recorded, null, RetentionPeriod.Days(100), DisposalAction.Destroy, 30);

    private static RetentionRule Law(string keep) => new(s_law, RetentionScope.Tenant, null, RetentionTrigger.Recorded, RetentionPeriod.Parse(keep), null, DisposalAction.Review, 30);
}
