namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>What a record says. What no record tells of is unknown, which is none of these (P5).</summary>
internal enum ConsentStatus
{
    Requested,
    Given,
    Refused,

    /// <summary>Given before, and taken back by the person.</summary>
    Withdrawn,

    /// <summary>Given before, for a time or for content that is over.</summary>
    Expired,

    /// <summary>Something else than consent allows it; the record says what.</summary>
    NotNeeded,
}

/// <summary>How the person said it.</summary>
internal enum ConsentMethod
{
    /// <summary>At the meeting's door, to the meeting's own program.</summary>
    Prompt,

    /// <summary>On a page of this vault.</summary>
    Page,
    Mail,
    SignedPaper,

    /// <summary>In the recording itself; the record says at which second.</summary>
    Spoken,

    /// <summary>It came along with files from another recording. Nobody states this: the vault writes it.</summary>
    Carried,
}

/// <summary>What allows a use where consent does not: the terms of the vCon lawful basis, without consent itself.</summary>
internal enum LawfulBasis
{
    Contract,
    LegalObligation,
    VitalInterests,
    PublicTask,
    LegitimateInterests,
}
