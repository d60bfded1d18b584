using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Posts email to /forgotten.</summary>
public sealed record ForgottenPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>False where the vault sends no mail: then somebody else makes the link.</summary>
    public required bool CanMail { get; init; }

    public string? Email { get; init; }

    /// <summary>It does not look like an address; says nothing of whether there is such an account.</summary>
    public bool IsNoAddress { get; init; }

    /// <summary>The ask was taken: the same for every address.</summary>
    public bool IsTaken { get; init; }

    public DateTimeOffset? NextTryAt { get; init; }
}
