using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Tests.Playback;

[Trait("Run", "Once")]
public sealed class ReleaseRulesTests
{
    private static readonly Guid Maker = Guid.CreateVersion7();
    private static readonly Standing Admin = new() { MayView = true, MayDownload = true, SeesRestricted = true, MemberId = Guid.CreateVersion7() };
    private static readonly Standing Contributor = Admin with { SeesRestricted = false };
    private static readonly Standing Viewer = Contributor with { MayDownload = false };
    private static readonly Standing Link = new() { MayView = true };
    private static readonly RecordingFacts Ready = new(RecordingState.Ready, true, UsageTag.NoTdm, ConfidentialityLabel.Confidential, Maker, IsInTrash: false);

    public static TheoryData<string, string> Standings => new()
    {
        { "admin", "" }, { "contributor", "" }, { "viewer", "view-only" }, { "link", "view-only" }, { "link with download", "" },
    };

    [Fact]
    public void What_lies_in_the_trash_leaves_for_nobody() =>
        Assert.Contains(PlaybackProblems.InTrash, ReleaseRules.Decide(new ReleaseFacts { Asker = Admin, Recording = Ready with { IsInTrash = true }, Purpose = ReleasePurpose.View }).Reasons);

    [Fact]
    public void Everybody_entitled_may_view() =>
        Assert.All([Admin, Contributor, Viewer, Link], asker => Assert.True(Decide(asker, Ready, ReleasePurpose.View).IsAllowed));

    [Theory]
    [MemberData(nameof(Standings))]
    public void Downloading_needs_a_right_of_its_own(string asker, string reason) =>
        Assert.Equal(reason, Reasons(Decide(Of(asker), Ready, ReleasePurpose.Download)));

    [Theory]
    [InlineData(ReleasePurpose.Export)]
    [InlineData(ReleasePurpose.Transcribe)]
    [InlineData(ReleasePurpose.AiInference)]
    [InlineData(ReleasePurpose.AiTraining)]
    [InlineData(ReleasePurpose.DataMining)]
    [InlineData((ReleasePurpose)99)]
    internal void The_default_tag_refuses_every_other_purpose(ReleasePurpose purpose) =>
        Assert.Equal("purpose-refused", Reasons(Decide(Admin, Ready, purpose)));

    [Fact]
    public void A_tag_that_is_not_known_allows_nothing() =>
        Assert.Equal("purpose-refused", Reasons(Decide(Admin, Ready with { Tag = (UsageTag)99 }, ReleasePurpose.View)));

    [Fact]
    public void A_label_that_is_not_known_allows_nothing() =>
        Assert.Equal("restricted", Reasons(Decide(Admin, Ready with { Label = (ConfidentialityLabel)99 }, ReleasePurpose.View)));

    [Fact]
    public void What_is_restricted_is_open_to_owners_admins_and_its_maker_and_to_no_link()
    {
        var restricted = Ready with { Label = ConfidentialityLabel.Restricted };

        Assert.True(Decide(Admin, restricted, ReleasePurpose.View).IsAllowed);
        Assert.True(Decide(Viewer with { MemberId = Maker }, restricted, ReleasePurpose.View).IsAllowed);
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

    [Fact]
    public void What_is_not_there_is_not_found() => Assert.Equal("not-found", Reasons(Decide(Admin, null, ReleasePurpose.View)));

    [Fact]
    public void Who_may_not_look_hears_nothing_of_the_recording()
    {
        var stopped = Standing.Refused(Problem.Forbidden);

        Assert.Equal("forbidden", Reasons(Decide(stopped, Ready with { State = RecordingState.Receiving }, ReleasePurpose.AiTraining)));
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
        Assert.Equal("purpose-refused restricted view-only not-ready", Reasons(Decide(Link, Ready with { Label = ConfidentialityLabel.Restricted, State = RecordingState.Receiving }, ReleasePurpose.AiTraining)));

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

    private static ReleaseVerdict Decide(Standing asker, RecordingFacts? recording, ReleasePurpose purpose) =>
        ReleaseRules.Decide(new ReleaseFacts { Asker = asker, Recording = recording, Purpose = purpose });

    private static string Reasons(ReleaseVerdict verdict)
    {
        Assert.Equal(verdict.Reasons.Count == 0, verdict.IsAllowed);
        return string.Join(' ', verdict.Reasons.Select(reason => reason.Slug));
    }
}
