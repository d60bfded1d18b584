using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>What came of a press on a member's page: a link, a removal that was asked for, or a no.</summary>
public sealed record MemberRecoveryPageModel
{
    public required PageFrame Frame { get; init; }

    public required string Name { get; init; }

    /// <summary>The link for a new password, this once; null where a removal was asked for.</summary>
    public string? Url { get; init; }

    /// <summary>When the link ends, or when the second factor is taken off.</summary>
    public DateTimeOffset? Until { get; init; }

    public string? Refusal { get; init; }

    /// <summary>Why the last letter to the member did not arrive; null where nothing is known to be wrong.</summary>
    public string? MailFailure { get; init; }
}
