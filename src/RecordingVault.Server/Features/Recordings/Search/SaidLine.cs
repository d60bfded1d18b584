using System.Globalization;

namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>A sentence of captions or a transcript that a search was for.</summary>
/// <param name="At">From the beginning of the film.</param>
/// <param name="Voice">Who says it, where the file tells.</param>
public sealed record SaidLine(TimeSpan At, string? Voice, string Words)
{
    /// <summary>The recording's page at that second. A browser keeps a fragment to itself.</summary>
    public string AddressOf(Guid recordingId) => string.Create(CultureInfo.InvariantCulture, $"/recordings/{recordingId}#t={At.TotalSeconds:0.###}");
}

/// <summary>Where the sentences come from. They are content, so they leave by the gate, with an event of their own.</summary>
internal interface ISaidLines
{
    /// <summary>The sentences that hold most of the words, the earliest first; none where this reader may not view the recording, or no text with times holds one.</summary>
    Task<IReadOnlyList<SaidLine>> FindAsync(HttpContext http, Guid recordingId, SearchWords words, CancellationToken cancellationToken);
}
