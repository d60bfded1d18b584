using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>GET /links/stop, of the tenant or, with ?recording=, of one recording, or, with ?recipientOf={link}, of all that are for the same person as that link.</summary>
/// <param name="Live">How many links it would stop.</param>
/// <param name="Watching">How many people told within the last half minute that they play something.</param>
/// <param name="Only">The recording whose links it would stop; null where it is all of the tenant's.</param>
public sealed record StopAllLinksPageModel(PageFrame Frame, int Live, int Watching, StoppedRecording? Only = null)
{
    /// <summary>To whom the links are that it would stop; null where it is not about one person.</summary>
    public string? Recipient { get; init; }

    /// <summary>Where it was asked for.</summary>
    internal string Back => Only is { } only ? $"/recordings/{only.Id}" : ShowLinks.Path;
}

public sealed record StoppedRecording(Guid Id, string Title);
