using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Posts link to /removal.</summary>
public sealed record RemovalPageModel(PageFrame Frame, RemovalState State);

public enum RemovalState
{
    Open,
    Stopped,

    /// <summary>Wrong, stopped before, or done.</summary>
    Ended,
}
