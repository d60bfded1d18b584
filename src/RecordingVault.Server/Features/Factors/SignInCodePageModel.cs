using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Factors;

/// <summary>Posts code and recovery to /signin/code.</summary>
public sealed record SignInCodePageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    /// <summary>Asks for a code from paper, and not for one of the authenticator.</summary>
    public bool IsRecovery { get; init; }

    public string ReturnTo { get; init; } = "/";

    public bool HasAuthenticator { get; init; } = true;

    public bool HasPasskey { get; init; }

    /// <summary>Whether the page stands under the name that passkeys are bound to.</summary>
    public bool TakesPasskeys { get; init; }

    public string? Error { get; init; }
}
