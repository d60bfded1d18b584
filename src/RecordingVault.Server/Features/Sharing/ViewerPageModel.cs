using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// GET /s/{id} with the link's cookie. It listens to /s/{id}/events, reports to /s/{id}/played and leaves by /s/{id}/leave.
/// The frame names the tenant but carries no tenant id and no member: a member's session means nothing here.
/// </summary>
public sealed record ViewerPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid ShareId { get; init; }

    public required string Title { get; init; }

    /// <summary>Whoever made the link; null where the account is gone.</summary>
    public string? SharedBy { get; init; }

    public string? ContactEmail { get; init; }

    public string? RecipientName { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>How long the page stays open without being used.</summary>
    public required TimeSpan Left { get; init; }

    /// <summary>So long before that it says so.</summary>
    public required TimeSpan Notice { get; init; }

    /// <summary>Null while the recording is still arriving.</summary>
    public PlayerModel? Player { get; init; }

    /// <summary>How far it is, while it is still arriving and anything is known about it.</summary>
    public TileReceiving? Arriving { get; init; }

    /// <summary>How far the copy is that this link shows; null where it is there, or the link shows the film as it is.</summary>
    public CopyArriving? Copy { get; init; }

    public SealFacts Seal { get; init; } = new();

    /// <summary>Null where the link is for watching only.</summary>
    public string? DownloadHref { get; init; }
}

/// <param name="State">waiting, running or failed; a copy that is made and not the one to be shown waits.</param>
public sealed record CopyArriving(string State, int Percent);
