namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// With scripts: POST /api/v1/recordings/{id}/shares as JSON. Without: a form to /recordings/{id}/share with
/// recipientName, may (watch or download), days (a number or custom), until, withPasscode and passcode.
/// </summary>
public sealed record ShareFormModel
{
    public required Guid RecordingId { get; init; }

    /// <summary>Different on every page: see <see cref="PasscodeSuggestion"/>.</summary>
    public required string SuggestedPasscode { get; init; }

    /// <summary>What was refused of a form that was sent without scripts, with the cure; its values stand in <see cref="RecipientName"/> and the rest.</summary>
    public string? Error { get; init; }

    public string? RecipientName { get; init; }

    public bool AllowDownload { get; init; }

    public bool WithPasscode { get; init; } = true;
}
