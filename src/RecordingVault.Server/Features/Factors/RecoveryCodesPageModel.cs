using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Factors;

/// <summary>The answer to making them; there is no address that shows them again.</summary>
public sealed record RecoveryCodesPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>They come with an authenticator that was just set up.</summary>
    public bool IsAuthenticatorNew { get; init; }
}
