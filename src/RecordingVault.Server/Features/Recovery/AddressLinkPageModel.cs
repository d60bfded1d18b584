using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Posts link and answer (agree or stop) to /address.</summary>
public sealed record AddressLinkPageModel(PageFrame Frame, AddressState State);

public enum AddressState
{
    Open,

    /// <summary>This address has agreed; the other one has not answered yet.</summary>
    WaitsForOther,
    Changed,
    Stopped,

    /// <summary>Wrong, stopped, over after seven days, or impossible: the same for all.</summary>
    Ended,
}
