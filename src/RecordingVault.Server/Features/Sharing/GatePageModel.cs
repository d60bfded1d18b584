using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// GET /s/{id} without a cookie, the same for every id, also for one that was never given. It posts {secret, passcode} to /s/{id}/open
/// and knows the problems that come back; it shows sharedBy, recipientName and endsAt where a problem carries them.
/// </summary>
/// <param name="Frame">Without a tenant: nothing is proved yet.</param>
public sealed record GatePageModel(PageFrame Frame, Guid ShareId)
{
    /// <summary>What waits behind it; a question stands under /c.</summary>
    public GateOf Of { get; init; }
}

public enum GateOf
{
    Recording,
    Question,

    /// <summary>In which recordings somebody is; stands under /o.</summary>
    OwnRecordings,
}
