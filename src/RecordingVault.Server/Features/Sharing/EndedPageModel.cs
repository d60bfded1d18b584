using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Status 410, only for whoever has proved the secret; everybody else gets the neutral page.</summary>
/// <param name="At">When it ended or was stopped.</param>
public sealed record EndedPageModel(PageFrame Frame, LinkEnd End, DateTimeOffset At, string? SharedBy, string? ContactEmail);

public enum LinkEnd
{
    Expired,
    Stopped,
}
