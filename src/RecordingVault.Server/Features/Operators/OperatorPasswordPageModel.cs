using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators;

/// <summary>Posts currentPassword and newPassword to /operator/password.</summary>
public sealed record OperatorPasswordPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    public bool MustChange { get; init; }

    public required int MinimumPasswordLength { get; init; }

    public string? CurrentPasswordError { get; init; }

    public string? NewPasswordError { get; init; }
}
