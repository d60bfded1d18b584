using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Playback;

/// <summary>All that the decision looks at, gathered before it is made.</summary>
internal sealed record ReleaseFacts
{
    public required Standing Asker { get; init; }

    /// <summary>Null when the tenant has no such recording.</summary>
    public required RecordingFacts? Recording { get; init; }
    public required ReleasePurpose Purpose { get; init; }
}

internal sealed record RecordingFacts(RecordingState State, bool HasManifest, UsageTag Tag, ConfidentialityLabel Label, Guid CreatedBy, bool IsInTrash);

/// <summary>Allowed only where there is no reason against it; reasons stand with the most telling one first.</summary>
internal sealed record ReleaseVerdict
{
    private ReleaseVerdict(IReadOnlyList<Problem> reasons) => Reasons = reasons;

    public IReadOnlyList<Problem> Reasons { get; }

    public bool IsAllowed => Reasons.Count == 0;

    public static readonly ReleaseVerdict Allowed = new([]);

    public static ReleaseVerdict Refused(params IReadOnlyList<Problem> reasons) =>
        reasons.Count == 0 ? throw new ArgumentException("A refusal says why.", nameof(reasons)) : new ReleaseVerdict(reasons);
}

/// <summary>Whether content may leave: facts in, verdict out, no I/O. What it does not know it refuses (P4).</summary>
internal static class ReleaseRules
{
    public static ReleaseVerdict Decide(ReleaseFacts facts)
    {
        // Who may not look at all is told nothing about the recording.
        if (!facts.Asker.MayView || facts.Asker.Refusal is not null)
            return ReleaseVerdict.Refused(facts.Asker.Refusal ?? Problem.NotFound);
        if (facts.Recording is not { } recording)
            return ReleaseVerdict.Refused(Problem.NotFound);

        var reasons = new List<Problem>();
        if (recording.IsInTrash)
            reasons.Add(PlaybackProblems.InTrash);
        if (!TagAllows(recording.Tag, facts.Purpose))
            reasons.Add(PlaybackProblems.PurposeRefused);
        if (!LabelAllows(recording, facts.Asker))
            reasons.Add(PlaybackProblems.Restricted);
        if (facts.Purpose != ReleasePurpose.View && !facts.Asker.MayDownload)
            reasons.Add(PlaybackProblems.ViewOnly);
        if (recording.State != RecordingState.Ready || !recording.HasManifest)
            reasons.Add(PlaybackProblems.NotReady);
        return reasons.Count == 0 ? ReleaseVerdict.Allowed : ReleaseVerdict.Refused(reasons);
    }

    private static bool TagAllows(UsageTag tag, ReleasePurpose purpose) => tag switch
    {
        UsageTag.NoTdm => purpose is ReleasePurpose.View or ReleasePurpose.Download,
        _ => false,
    };

    private static bool LabelAllows(RecordingFacts recording, Standing asker) => recording.Label switch
    {
        ConfidentialityLabel.Public or ConfidentialityLabel.Internal or ConfidentialityLabel.Confidential => true,
        ConfidentialityLabel.Restricted => asker.SeesRestricted || (asker.MemberId is { } member && member == recording.CreatedBy),
        _ => false,
    };
}
