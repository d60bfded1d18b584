using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>GET /recordings/{id}/share, and the answer to its form: the same page with <see cref="Made"/> filled, never a redirect, because the link is shown once.</summary>
public sealed record SharePageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid RecordingId { get; init; }

    public required string Title { get; init; }

    public required ShareFormModel Form { get; init; }

    public MadeLink? Made { get; init; }
}

/// <param name="Url">With its fragment.</param>
/// <param name="Passcode">Null where there is none, or where it was chosen before and is not known any more.</param>
public sealed record MadeLink(string Url, string? RecipientName, DateTimeOffset ExpiresAt, bool AllowsDownload, string? Passcode)
{
    public bool AsksForPasscode { get; init; } = Passcode is not null;
}
