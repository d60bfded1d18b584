using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Members;

/// <summary>Posts currentPassword and newPassword to /password.</summary>
public sealed record PasswordPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    /// <summary>True when somebody else knows the password (set at installation, or reset by an operator): nothing else opens before.</summary>
    public bool MustChange { get; init; }

    public string? CurrentPasswordError { get; init; }

    public string? NewPasswordError { get; init; }

    public int MinimumPasswordLength { get; init; } = 12;
}
