namespace RecordingVault.Server.Features.Recordings;

/// <summary>How the vault came to know that somebody was recorded.</summary>
internal enum ParticipantSource
{
    /// <summary>By a person or a script, one by one or with the recording.</summary>
    Typed,

    /// <summary>In a list of lines.</summary>
    Pasted,
    Csv,

    /// <summary>The report of participants from Zoom's portal.</summary>
    ZoomReport,

    /// <summary>The <c>events.xml</c> of a recording.</summary>
    BigbluebuttonEvents,

    /// <summary>Named as a speaker in the recording's own captions, transcript or chat.</summary>
    Captions,
}
