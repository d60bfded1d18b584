namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// With scripts: POST /api/v1/recordings/{id}/shares as JSON. Without: a form to /recordings/{id}/share with
/// recipientName, note, may (watch or download), days (a number or custom), until, withPasscode, passcode, slate, corner and markLanguage (en or de).
/// </summary>
public sealed record ShareFormModel
{
    public required Guid RecordingId { get; init; }

    /// <summary>Different on every page (see <see cref="PasscodeSuggestion"/>), or what somebody wrote in its place.</summary>
    public required string SuggestedPasscode { get; init; }

    /// <summary>What was refused of a form that was sent without scripts, with the cure; its values stand in <see cref="RecipientName"/> and the rest.</summary>
    public string? Error { get; init; }

    public string? RecipientName { get; init; }

    public string? Note { get; init; }

    public bool AllowDownload { get; init; }

    /// <summary>As the form says it: a number of days, or custom.</summary>
    public string Days { get; init; } = "14";

    /// <summary>A date of one's own as the form says it, where days are custom.</summary>
    public string? Until { get; init; }

    public bool WithPasscode { get; init; } = true;

    /// <summary>Whether it is a film, which can be drawn on.</summary>
    public bool CanMark { get; init; }

    public bool Slate { get; init; }

    public bool Corner { get; init; }

    public string MarkLanguage { get; init; } = "en";
}
