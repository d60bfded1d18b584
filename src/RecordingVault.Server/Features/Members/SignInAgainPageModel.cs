using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Members;

/// <summary>Posts password and returnTo to /signin/again.</summary>
public sealed record SignInAgainPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    /// <summary>Of the member who is signed in.</summary>
    public required string Name { get; init; }

    public required string ReturnTo { get; init; }

    public string? Error { get; init; }
}
