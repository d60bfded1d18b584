using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Tests.Playback;

[Trait("Run", "Once")]
public sealed class ReleaseRulesTests
{
    private static readonly Guid Maker = Guid.CreateVersion7();
    private static readonly Standing Admin = new() { MayView = true, IsInside = true, MayDownload = true, SeesRestricted = true, MemberId = Guid.CreateVersion7() };
    private static readonly Standing Contributor = Admin with { SeesRestricted = false };
    private static readonly Standing Viewer = Contributor with { MayDownload = false };
    private static readonly Standing Link = new() { MayView = true };
    private static readonly RecordingFacts Ready = new(RecordingState.Ready, true, Use(UsageTag.NoTdm), ConfidentialityLabel.Confidential, Maker, IsInTrash: false) { Consent = ConsentVerdict.Allowed };

    public static TheoryData<string, string> Standings => new()
    {
        { "admin", "" }, { "contributor", "" }, { "viewer", "view-only" }, { "link", "view-only" }, { "link with download", "" },
    };

    [Fact]
    public void What_an_organisation_begins_with_asks_consent_for_every_use_that_there_is() => Assert.Equal(Tenant.AllUses, UsageWords.WriteUses(UsageRights.Uses));

    [Fact]
    public void What_lies_in_the_trash_leaves_for_nobody() =>
        Assert.Contains(PlaybackProblems.InTrash, ReleaseRules.Decide(new ReleaseFacts { Asker = Admin, Recording = Ready with { IsInTrash = true }, Purpose = ReleasePurpose.View, For = Purpose.ViewInternal }).Reasons);

    [Fact]
    public void Everybody_entitled_may_view() =>
        Assert.All([Admin, Contributor, Viewer, Link], asker => Assert.True(Decide(asker, Ready, ReleasePurpose.View).IsAllowed));

    [Theory]
    [MemberData(nameof(Standings))]
    public void Downloading_needs_a_right_of_its_own(string asker, string reason) =>
        Assert.Equal(reason, Reasons(Decide(Of(asker), Ready, ReleasePurpose.Download)));

    [Theory]
    [InlineData(Purpose.Unknown)]
    [InlineData(Purpose.Keep)]
    [InlineData(Purpose.Transcribe)]
    [InlineData(Purpose.AiInference)]
    [InlineData(Purpose.AiTraining)]
    [InlineData(Purpose.DataMining)]
    [InlineData((Purpose)99)]
    internal void The_default_tag_refuses_every_purpose_of_machines_and_none_is_not_known(Purpose purpose) =>
        Assert.Equal("export-prohibited", Reasons(Decide(Admin, Ready, ReleasePurpose.View, purpose)));

    [Fact]
    public void A_way_out_that_is_not_known_is_none() => Assert.Equal("no-such-way", Reasons(Decide(Admin, Ready, (ReleasePurpose)99)));

    [Fact]
    public void A_refusal_names_everybody_who_objects()
    {
        var use = EffectiveUse.Of(UsagePolicy.Default with { Tag = UsageTag.NoAiTraining }, UsageTag.AllowedUse, ConsentFacts.NoneKnown, [new FoundMark("XMP plus:DataMining", "DMI-PROHIBITED", UsageRights.Nothing)]);
        var refusal = Assert.Single(Decide(Admin, Ready with { Use = use }, ReleasePurpose.Download, Purpose.DataMining).Reasons);

        Assert.Equal(("data-mining", "no-tdm"), (refusal.Members!["purpose"], refusal.Members["tag"]));
        Assert.Equal(
            ["unspecified by tenant-policy", "prohibited by consent", "prohibited by found-mark"],
            ((IEnumerable<ExportProhibited.Objection>)refusal.Members["objections"]!).Select(objection => $"{objection.Decision} by {objection.Source}"));
        foreach (var words in new[] { "policy", "consent", "its file came in with", "may be watched" })
            Assert.Contains(words, refusal.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_by_law_is_handed_out_by_owners_and_admins_whatever_the_tag()
    {
        Assert.True(Decide(Admin, Ready, ReleasePurpose.Download, Purpose.Legal).IsAllowed);
        Assert.Equal("export-prohibited", Reasons(Decide(Contributor, Ready, ReleasePurpose.Download, Purpose.Legal)));
    }

    [Theory]
    [InlineData(Purpose.ViewInternal)]
    [InlineData(Purpose.AiInference)]
    [InlineData(Purpose.Legal)]
    internal void Nothing_leaves_by_a_link_but_to_be_shown(Purpose purpose) =>
        Assert.Contains("export-prohibited", Reasons(Decide(Link with { MayDownload = true }, Ready with { Use = Use(UsageTag.AllowedUse) }, ReleasePurpose.View, purpose)), StringComparison.Ordinal);

    [Fact]
    public void A_machine_needs_what_a_download_needs_and_a_token_that_lists_both_words()
    {
        var allowed = Ready with { Use = Use(UsageTag.AllowedUse) };

        Assert.True(Decide(Contributor, allowed, ReleasePurpose.View, Purpose.AiTraining).IsAllowed);
        Assert.Equal("view-only", Reasons(Decide(Viewer, allowed, ReleasePurpose.View, Purpose.AiTraining)));
        Assert.True(Decide(Admin with { Purposes = ["download", "ai-training"] }, allowed, ReleasePurpose.Download, Purpose.AiTraining).IsAllowed);
        Assert.Equal("purpose-not-listed", Reasons(Decide(Admin with { Purposes = ["view", "download"] }, allowed, ReleasePurpose.Download, Purpose.AiTraining)));
        Assert.Equal("purpose-not-listed", Reasons(Decide(Admin with { Purposes = ["ai-training"] }, allowed, ReleasePurpose.Download, Purpose.AiTraining)));
    }

    [Fact]
    public void A_label_that_is_not_known_allows_nothing() =>
        Assert.Equal("restricted", Reasons(Decide(Admin, Ready with { Label = (ConfidentialityLabel)99 }, ReleasePurpose.View)));

    [Fact]
    public void What_is_restricted_is_open_to_owners_admins_and_its_maker_and_to_no_link()
    {
        var restricted = Ready with { Label = ConfidentialityLabel.Restricted };

        Assert.True(Decide(Admin, restricted, ReleasePurpose.View).IsAllowed);
        Assert.True(Decide(Viewer with { MemberId = Maker }, restricted, ReleasePurpose.View).IsAllowed);
        Assert.Equal("restricted-stays", Reasons(Decide(Admin, restricted, ReleasePurpose.Download)));
        Assert.Equal("restricted-stays", Reasons(Decide(Admin, restricted, ReleasePurpose.View, Purpose.ShareExternal)));
        Assert.Equal("restricted-stays", Reasons(Decide(Admin, restricted, ReleasePurpose.View, Purpose.Legal)));
        Assert.Equal("restricted", Reasons(Decide(Contributor, restricted, ReleasePurpose.View)));
        Assert.Equal("restricted", Reasons(Decide(Link, restricted, ReleasePurpose.View)));
    }

    [Theory]
    [InlineData(ConfidentialityLabel.Public)]
    [InlineData(ConfidentialityLabel.Internal)]
    [InlineData(ConfidentialityLabel.Confidential)]
    internal void Other_labels_leave_the_choice_to_the_owner(ConfidentialityLabel label) =>
        Assert.True(Decide(Link, Ready with { Label = label }, ReleasePurpose.View).IsAllowed);

    [Fact]
    public void What_is_still_received_is_not_ready()
    {
        Assert.Equal("not-ready", Reasons(Decide(Admin, Ready with { State = RecordingState.Receiving }, ReleasePurpose.View)));
        Assert.Equal("not-ready", Reasons(Decide(Admin, Ready with { HasManifest = false }, ReleasePurpose.View)));
        Assert.Equal("not-ready", Reasons(Decide(Admin, Ready with { State = (RecordingState)99 }, ReleasePurpose.View)));
    }

    [Theory]
    [InlineData(ReleasePurpose.Preview)]
    [InlineData(ReleasePurpose.List)]
    internal void What_stands_for_a_film_needs_what_viewing_needs(ReleasePurpose purpose)
    {
        Assert.True(Decide(Viewer, Ready, purpose).IsAllowed);
        Assert.True(Decide(Viewer with { Purposes = ["view"] }, Ready, purpose).IsAllowed);
        Assert.Equal("purpose-not-listed", Reasons(Decide(Admin with { Purposes = ["download"] }, Ready, purpose)));
        Assert.Equal("restricted", Reasons(Decide(Contributor, Ready with { Label = ConfidentialityLabel.Restricted }, purpose)));
    }

    [Fact]
    public void What_is_not_there_is_not_found() => Assert.Equal("not-found", Reasons(Decide(Admin, null, ReleasePurpose.View)));

    [Fact]
    public void Who_may_not_look_hears_nothing_of_the_recording()
    {
        var stopped = Standing.Refused(Problem.Forbidden);

        Assert.Equal("forbidden", Reasons(Decide(stopped, Ready with { State = RecordingState.Receiving }, ReleasePurpose.View, Purpose.AiTraining)));
        Assert.Equal("forbidden", Reasons(Decide(stopped, null, ReleasePurpose.View)));
    }

    [Fact]
    public void A_standing_that_nobody_filled_in_allows_nothing()
    {
        Assert.Equal("not-found", Reasons(Decide(new Standing { MayView = false }, Ready, ReleasePurpose.View)));
        Assert.Equal("forbidden", Reasons(Decide(Admin with { Refusal = Problem.Forbidden }, Ready, ReleasePurpose.View)));
    }

    [Fact]
    public void All_reasons_are_told() =>
        Assert.Equal("restricted export-prohibited view-only not-ready", Reasons(Decide(Link, Ready with { Label = ConfidentialityLabel.Restricted, State = RecordingState.Receiving }, ReleasePurpose.View, Purpose.AiTraining)));

    [Fact]
    public void A_refusal_without_a_reason_does_not_exist() => Assert.Throws<ArgumentException>(() => ReleaseVerdict.Refused());

    private static Standing Of(string asker) => asker switch
    {
        "admin" => Admin,
        "contributor" => Contributor,
        "viewer" => Viewer,
        "link" => Link,
        "link with download" => Link with { MayDownload = true },
        _ => throw new ArgumentOutOfRangeException(nameof(asker)),
    };

    private static EffectiveUse Use(UsageTag tag) => EffectiveUse.Of(new UsagePolicy(tag, []), tag, ConsentFacts.NoneKnown, []);

    private static ReleaseVerdict Decide(Standing asker, RecordingFacts? recording, ReleasePurpose purpose) =>
        Decide(asker, recording, purpose, asker.IsInside ? Purpose.ViewInternal : Purpose.ShareExternal);

    private static ReleaseVerdict Decide(Standing asker, RecordingFacts? recording, ReleasePurpose purpose, Purpose stated) =>
        ReleaseRules.Decide(new ReleaseFacts { Asker = asker, Recording = recording, Purpose = purpose, For = stated });

    private static string Reasons(ReleaseVerdict verdict)
    {
        Assert.Equal(verdict.Reasons.Count == 0, verdict.IsAllowed);
        return string.Join(' ', verdict.Reasons.Select(reason => reason.Slug));
    }
}
