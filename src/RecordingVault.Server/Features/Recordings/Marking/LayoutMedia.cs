namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>The media types of what is stored of a file for sending it with its mark. They are ours alone: no answer carries them.</summary>
internal static class LayoutMedia
{
    /// <summary>A layout (RecordingVault.Marks, MarkedLayout).</summary>
    public const string LaidOut = "application/vnd.recordingvault.layout";

    /// <summary>A sentence that says why there is none.</summary>
    public const string Refused = "application/vnd.recordingvault.no-layout";
}
