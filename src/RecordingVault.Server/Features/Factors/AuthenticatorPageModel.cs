using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Factors;

/// <summary>Posts seed (as it came) and code to the same address.</summary>
public sealed record AuthenticatorPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    public required string SealedSeed { get; init; }

    /// <summary>For apps without a camera.</summary>
    public required string SeedText { get; init; }

    /// <summary>What the QR code holds.</summary>
    public required string SetupUri { get; init; }

    /// <summary>There is an authenticator already, and this one takes its place.</summary>
    public bool IsReplacing { get; init; }

    public string? Error { get; init; }
}
