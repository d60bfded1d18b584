using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Settings;

/// <summary>Posts name and language to /settings/profile.</summary>
public sealed record ProfilePageModel
{
    public required PageFrame Frame { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary>"en" or "de".</summary>
    public required string Language { get; init; }

    public string? NameError { get; init; }

    /// <summary>True right after a change.</summary>
    public bool IsSaved { get; init; }
}
