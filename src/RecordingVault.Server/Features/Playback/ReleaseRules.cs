using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Consent;
using RecordingVault.Server.Features.Consent.Policy;
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

    /// <summary>What the asker states.</summary>
    public required Purpose For { get; init; }

    /// <summary>Whether he names a processor, and the organisation has one such.</summary>
    public ProcessorFact Processor { get; init; }
}

internal enum ProcessorFact
{
    NotNamed,
    Unknown,
    Known,
}

internal sealed record RecordingFacts(RecordingState State, bool HasManifest, EffectiveUse Use, ConfidentialityLabel Label, Guid CreatedBy, bool IsInTrash)
{
    /// <summary>What the policy on consent says to the purpose that is stated.</summary>
    public required ConsentVerdict Consent { get; init; }
}

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
        if (facts.Purpose is not (ReleasePurpose.View or ReleasePurpose.Download or ReleasePurpose.Preview or ReleasePurpose.List))
            reasons.Add(PlaybackProblems.NoSuchWay);
        else if (facts.Asker.Purposes is { } listed && !IsListed(listed, facts.Purpose, facts.For))
            reasons.Add(PlaybackProblems.PurposeNotListed);
        // Who may not look, or not for this, is not told who objects and why.
        var mayLook = LabelAllows(recording, facts.Asker);
        if (!mayLook)
            reasons.Add(PlaybackProblems.Restricted);
        if (!facts.Asker.IsInside && facts.For != Purpose.ShareExternal && !(facts.Asker.IsRecorded && facts.For == Purpose.ViewInternal))
            reasons.Add(ExportProhibited.NotByLink(facts.For));
        else if (facts.Processor != ProcessorFact.NotNamed && (facts.Processor != ProcessorFact.Known || facts.For != Purpose.Transcribe))
            reasons.Add(ExportProhibited.NoSuchProcessor(facts.For));
        else if (mayLook && !facts.For.IsAllowedBy(recording.Use) && !(facts.Processor == ProcessorFact.Known && facts.For.IsAllowedToProcessor(recording.Use)))
            reasons.Add(ExportProhibited.Of(facts.For, recording.Use));
        else if (mayLook && !recording.Consent.Allows())
            reasons.Add(facts.Asker.IsInside ? ConsentProblems.NoConsent(recording.Consent, facts.For) : ConsentProblems.NotShown);
        if (!MayState(facts.Asker, facts.For))
            reasons.Add(ExportProhibited.LegalForOwners);
        if (mayLook && recording.Label == ConfidentialityLabel.Restricted && (Takes(facts) || facts.For == Purpose.ShareExternal))
            reasons.Add(PlaybackProblems.RestrictedStays);
        if (Takes(facts) && !facts.Asker.MayDownload)
            reasons.Add(PlaybackProblems.ViewOnly);
        if (recording.State is not (RecordingState.Ready or RecordingState.Failed) || !recording.HasManifest)
            reasons.Add(PlaybackProblems.NotReady);
        return reasons.Count == 0 ? ReleaseVerdict.Allowed : ReleaseVerdict.Refused(reasons);
    }

    /// <summary>Whether somebody could take a recording away for this at all, whatever one recording's tag and label say.</summary>
    public static bool MayTakeFor(Standing asker, Purpose purpose) =>
        asker is { MayView: true, Refusal: null, MayDownload: true } && MayState(asker, purpose) && (asker.Purposes is not { } listed || IsListed(listed, ReleasePurpose.Download, purpose));

    /// <summary>What a law demands is an Owner's or Admin's to state.</summary>
    private static bool MayState(Standing asker, Purpose purpose) => purpose != Purpose.Legal || asker.SeesRestricted;

    /// <summary>Who may be given a film to view may see the picture that stands for it; lists name viewing only.</summary>
    private static ReleasePurpose Listed(ReleasePurpose purpose) => purpose.IsBesideFilm() ? ReleasePurpose.View : purpose;

    private static bool IsListed(IReadOnlyList<string> listed, ReleasePurpose purpose, Purpose stated) =>
        listed.Contains(Listed(purpose).Name(), StringComparer.Ordinal) && (IsForPeople(stated) || listed.Contains(stated.Name(), StringComparer.Ordinal));

    /// <summary>Whether it leaves to be kept, or for a machine, and not only to be watched: a way that is not known takes too.</summary>
    private static bool Takes(ReleaseFacts facts) => (facts.Purpose != ReleasePurpose.View && !facts.Purpose.IsBesideFilm()) || !IsForPeople(facts.For);

    private static bool IsForPeople(Purpose purpose) => purpose is Purpose.ViewInternal or Purpose.ShareExternal;

    private static bool LabelAllows(RecordingFacts recording, Standing asker) => recording.Label switch
    {
        ConfidentialityLabel.Public or ConfidentialityLabel.Internal or ConfidentialityLabel.Confidential => true,
        ConfidentialityLabel.Restricted => asker.SeesRestricted || (asker.MemberId is { } member && member == recording.CreatedBy),
        _ => false,
    };
}
