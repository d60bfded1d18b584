namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>Who speaks by a recording's own captions, transcripts and chat. They are content, so they leave by the gate, with an event of their own.</summary>
internal interface ISpeakerNames
{
    /// <summary>In the order in which they are first named; none where this reader may not view the recording.</summary>
    Task<IReadOnlyList<string>> FindAsync(HttpContext http, Guid recordingId, CancellationToken cancellationToken);
}
