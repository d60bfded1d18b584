using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Consent.Policy;

/// <summary>What the policy says to one use of one recording.</summary>
internal enum ConsentVerdict
{
    Allowed,

    /// <summary>Allowed, though not everybody has said yes: the log says so.</summary>
    Warned,

    /// <summary>Allowed, because somebody who may has said why.</summary>
    Reasoned,

    /// <summary>Refused until somebody who may says why.</summary>
    NeedsReason,

    /// <summary>Refused: not everybody has said yes.</summary>
    Missing,

    /// <summary>Refused: somebody has said no.</summary>
    Objected,
}

/// <summary>How many people of a recording said what of one purpose. Whoever is in none of the counts has said nothing that counts.</summary>
/// <param name="People">All who are named.</param>
internal readonly record struct ConsentTally(int People, int Given, int NotNeeded, int Objecting)
{
    /// <summary>Whether everybody agreed, or needs not to. Where nobody is named, nobody has; training needs each one's own word.</summary>
    public bool IsFromAll(Purpose purpose) => People > 0 && Given + (purpose == Purpose.AiTraining ? 0 : NotNeeded) >= People;
}

/// <summary>The policy applied: facts in, verdict out, no I/O. Every case of docs/consent.md is a test.</summary>
internal static class ConsentRules
{
    public static bool Allows(this ConsentVerdict verdict) => verdict is ConsentVerdict.Allowed or ConsentVerdict.Warned or ConsentVerdict.Reasoned;

    /// <param name="hasReason">Somebody who may has said why this recording is used so without everybody's yes.</param>
    public static ConsentVerdict Decide(Purpose purpose, PurposeRule rule, ConsentTally tally, bool hasReason)
    {
        // What a law demands needs no consent; of a purpose that is not known nobody's can be known.
        if (purpose == Purpose.Legal)
            return ConsentVerdict.Allowed;
        if (!ConsentPolicy.Purposes.Contains(purpose))
            return ConsentVerdict.Missing;
        if (rule.Needs == ConsentNeed.Nobody)
            return ConsentVerdict.Allowed;
        if (tally.Objecting > 0)
            return ConsentVerdict.Objected;
        if (rule.Needs == ConsentNeed.NoObjection || tally.IsFromAll(purpose))
            return ConsentVerdict.Allowed;
        return rule.WhenMissing switch
        {
            WhenMissing.Warn => ConsentVerdict.Warned,
            WhenMissing.AllowWithReason => hasReason ? ConsentVerdict.Reasoned : ConsentVerdict.NeedsReason,
            _ => ConsentVerdict.Missing,
        };
    }
}
