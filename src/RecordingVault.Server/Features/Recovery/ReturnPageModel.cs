using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Posts link and newPassword to /address/return.</summary>
public sealed record ReturnPageModel
{
    public required PageFrame Frame { get; init; }

    public ResetState State { get; init; } = ResetState.Open;

    /// <summary>Comes back to whoever sent it when the password was refused. Null on the first visit: the page reads the fragment.</summary>
    public string? Link { get; init; }

    public string? Complaint { get; init; }

    public int MinimumPasswordLength { get; init; } = 10;
}
